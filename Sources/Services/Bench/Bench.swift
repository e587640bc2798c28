import Linux
package import Logging
import Reactor

/// Puts load on a running system from one thread, and measures what clients see.
package enum Bench {
    /// Runs the scenarios one after the other and writes the report.
    ///
    /// - Returns: the exit status and the table: 0 when nothing was lost, repeated, disordered or refused, else 1.
    /// - Throws: where no front answers, or the report cannot be written.
    package static func run(
        _ configuration: BenchConfiguration, logger: Logger
    ) throws(BenchFailure) -> (status: Int32, table: String) {
        // Each connection is a descriptor, and there are some beside them.
        let plans = configuration.scenarios.map { LoadPlan($0, configuration) }
        let connections = plans.map(\.connections).max() ?? 0
        let limit = OwnProcess.raiseDescriptorLimit(to: connections + 100)
        guard limit >= connections + 20 else {
            throw BenchFailure("\(connections) connections need more descriptors than the limit of \(limit)")
        }
        var all: [Figures] = []
        for plan in plans {
            logger.info("\(plan.scenario.rawValue): setting up \(plan.connections) connections")
            let figures = try measure(plan, configuration, logger: logger)
            all.append(figures)
        }
        if let folder = configuration.outputFolder { try write(all, to: folder) }
        return (all.allSatisfy(\.isClean) ? 0 : 1, ReportTable.text(all))
    }

    /// Makes people and rooms, connects, runs one scenario.
    static func measure(
        _ plan: LoadPlan, _ configuration: BenchConfiguration, logger: Logger
    ) throws(BenchFailure) -> Figures {
        let world = try BenchWorld(configuration.fronts[0], rooms: plan.rooms, connections: plan.connections)
        do {
            let mailbox = try Mailbox<Int>()
            let generator = LoadGenerator(
                plan, roomIDs: world.roomIDs, mailbox: mailbox, dataFolder: configuration.dataFolder)
            var limits = ReactorConfiguration()
            limits.connectionsMax = plan.connections + 8
            // The pace of `latency`, and the ends of the phases, are as fine as a tick.
            limits.tickMilliseconds = 1
            let reactor = try Reactor(configuration: limits, handler: generator, mailbox: mailbox)
            try connect(plan, configuration, world, generator, reactor.connections)
            try reactor.run()
            if let trouble = generator.trouble { logger.warning("\(plan.scenario.rawValue): \(trouble)") }
            return generator.figures
        } catch {
            throw error as? BenchFailure ?? BenchFailure("\(error)")
        }
    }

    private static func connect(
        _ plan: LoadPlan, _ configuration: BenchConfiguration, _ world: BenchWorld, _ generator: LoadGenerator,
        _ connections: Connections
    ) throws(BenchFailure) {
        let writer = SendWriter(roomIDs: [], messageBytes: 0)
        var count = 0
        func open(_ opening: [UInt8], context: UInt64) throws(BenchFailure) -> ConnectionID {
            let front = configuration.fronts[count % configuration.fronts.count]
            let descriptor = try WebSocketOpening.open(front, token: world.token(ofConnection: count))
            guard let id = connections.adopt(descriptor) else { throw BenchFailure("too many connections") }
            connections.setContext(of: id, context)
            connections.send(id, opening)
            count += 1
            return id
        }
        var listeners: [LoadGenerator.Listener] = []
        for room in 0..<plan.rooms {
            let destination = "/sub/chat/room/\(world.roomIDs[room])"
            for _ in 0..<plan.subscribers {
                _ = try open(
                    writer.opening(destination: destination, subscription: "0", receipt: 0),
                    context: UInt64(listeners.count))
                listeners.append(LoadGenerator.Listener(room: room, last: nil))
            }
        }
        var speakers: [LoadGenerator.Speaker] = []
        for index in 0..<plan.senders {
            let id = try open(
                writer.opening(destination: "/user/queue/errors", subscription: "e", receipt: plan.outstanding),
                context: LoadGenerator.speakerBit | UInt64(index))
            speakers.append(
                LoadGenerator.Speaker(
                    id: id, rooms: plan.rooms(ofSender: index),
                    sentNanoseconds: Array(repeating: 0, count: plan.outstanding),
                    roomOfSlot: Array(repeating: 0, count: plan.outstanding)))
        }
        generator.take(listeners: listeners, speakers: speakers)
    }

    private static func write(_ all: [Figures], to folder: String) throws(BenchFailure) {
        do {
            try File.makeFolder(folder)
            try File.replace(folder + "/bench.json", with: ReportJSON.bytes(all))
            for figures in all {
                try File.replace("\(folder)/\(figures.scenario).svg", with: Array(ReportSVG.text(figures).utf8))
            }
        } catch {
            throw BenchFailure("the report: \(error)")
        }
    }
}
