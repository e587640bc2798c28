import Linux
package import Logging

/// `madang up`: everything on this machine, as child processes (CONTRACT section 1).
package enum Supervisor {
    /// Runs until a signal ends it, and returns the exit status: 0 after SIGINT or SIGTERM; 1 where the folder, an
    /// address or PostgreSQL cannot be had; 2 where an address is none, or a child refuses its flags.
    ///
    /// To be called on the main thread before others are started: it takes the signals, and the kernel ends the
    /// children with the thread that started them.
    package static func run(_ configuration: Configuration, logger: Logger) -> Int32 {
        do {
            let data = try DataFolder(configuration.dataFolder)
            let owner = try PidFile(path: data.ownerFile)
            let status = run(configuration, in: data, logger: logger)
            owner.release()
            return status
        } catch PidFile.Refusal.held(let pid) {
            let who = pid.map { "pid \($0)" } ?? "another process"
            logger.error("\(configuration.dataFolder) is in use: madang up runs there already (\(who))")
        } catch PidFile.Refusal.failed(let error) {
            logger.error("\(error)")
        } catch {
            logger.error("\(error)")
        }
        return 1
    }

    private static func run(_ configuration: Configuration, in data: DataFolder, logger: Logger) -> Int32 {
        do {
            let signals = try SignalDescriptor([.interrupt, .terminate, .hangUp, .child])
            defer { signals.close() }
            Signal.brokenPipe.ignore()
            try data.removeStalePids()
            let addresses = try Addresses(configuration)
            try data.makeSessionKey()
            let cluster = configuration.postgres == nil ? try PostgresCluster.prepare(in: data, logger: logger) : nil
            let overseer = try Overseer(
                configuration, data: data, addresses: addresses, cluster: cluster, signals: signals, logger: logger)
            return try overseer.run()
        } catch let refusal as Addresses.Refusal {
            logger.error(refusal.message)
            return refusal.isUsage ? 2 : 1
        } catch {
            logger.error("\(error)")
            return 1
        }
    }
}
