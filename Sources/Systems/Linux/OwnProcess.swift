import CLinux
import Glibc

/// Facts about this process and this machine.
package enum OwnProcess {
    /// The process id.
    package static var id: Int32 { getpid() }

    /// CPU time used so far by all threads, in microseconds.
    package static func cpuMicroseconds() -> Int64 {
        var usage = rusage()
        clinux_own_usage(&usage)
        return (Int64(usage.ru_utime.tv_sec) + Int64(usage.ru_stime.tv_sec)) * 1_000_000
            + Int64(usage.ru_utime.tv_usec) + Int64(usage.ru_stime.tv_usec)
    }

    /// Memory resident now, in bytes; 0 where /proc does not tell.
    package static func residentBytes() -> Int {
        guard let text = try? File.readText("/proc/self/statm") else { return 0 }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Descriptors open now; 0 where /proc does not tell.
    package static func openDescriptors() -> Int { ((try? File.names(in: "/proc/self/fd")) ?? []).count }

    /// Raises this process's limit of descriptors as far as it may, towards `wanted`; returns what it is then.
    @discardableResult
    package static func raiseDescriptorLimit(to wanted: Int) -> Int {
        var limit = rlimit()
        clinux_descriptor_limit(&limit, 0)
        if limit.rlim_cur >= rlim_t(wanted) { return Int(clamping: limit.rlim_cur) }
        // Root may raise the hard limit too; where that is refused, up to it.
        var raised = rlimit(rlim_cur: rlim_t(wanted), rlim_max: max(limit.rlim_max, rlim_t(wanted)))
        if clinux_descriptor_limit(&raised, 1) < 0 {
            raised = rlimit(rlim_cur: min(limit.rlim_max, rlim_t(wanted)), rlim_max: limit.rlim_max)
            _ = clinux_descriptor_limit(&raised, 1)
        }
        clinux_descriptor_limit(&limit, 0)
        return Int(clamping: limit.rlim_cur)
    }

    /// Processors this process may use.
    package static func processorCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// The machine's name.
    package static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The file of the program that runs.
    package static func executablePath() throws(SystemError) -> String { try File.linkTarget("/proc/self/exe") }

    /// Whether a process with this id is there.
    package static func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

    /// Ends this process at once with a status; nothing is cleaned up but what the system does.
    package static func exit(_ status: Int32) -> Never { Glibc.exit(status) }
}
