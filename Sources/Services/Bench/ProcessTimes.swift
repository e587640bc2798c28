import Linux

/// CPU time of the system's processes, read from /proc.
struct ProcessTimes: Sendable {
    /// Seconds by name (`front-1`, `backend-1`, `broker`, `postgres`), children and those that ended included.
    let secondsByName: [(name: String, seconds: Double)]

    /// What they have used up to now; nothing where `folder` names no processes.
    init(dataFolder folder: String?) {
        guard let folder else {
            secondsByName = []
            return
        }
        let names = (try? File.names(in: folder + "/run").filter { $0.hasSuffix(".pid") }.sorted()) ?? []
        let all = Self.ticksByProcess()
        secondsByName = names.compactMap { file in
            guard let text = try? File.readText(folder + "/run/" + file), let pid = Int(text.filter(\.isNumber)),
                let own = all[pid], file != "up.pid"
            else { return nil }
            // PostgreSQL's sessions are children of the process whose pid is known.
            let children = all.values.filter { $0.parent == pid }.reduce(0) { $0 + $1.ticks }
            return (String(file.dropLast(4)), Double(own.ticks + own.ended + children) / Self.ticksPerSecond)
        }
    }

    /// What each used since `earlier`, in seconds.
    func since(_ earlier: ProcessTimes) -> [(name: String, seconds: Double)] {
        secondsByName.compactMap { entry in
            guard let before = earlier.secondsByName.first(where: { $0.name == entry.name }) else { return nil }
            return (entry.name, entry.seconds - before.seconds)
        }
    }

    /// USER_HZ, which Linux fixes for programs.
    private static let ticksPerSecond = 100.0

    private static func ticksByProcess() -> [Int: (parent: Int, ticks: Int, ended: Int)] {
        var all: [Int: (parent: Int, ticks: Int, ended: Int)] = [:]
        for name in (try? File.names(in: "/proc")) ?? [] {
            guard let pid = Int(name), let stat = try? File.readText("/proc/\(pid)/stat"),
                let end = stat.lastIndex(of: ")")
            else { continue }
            // proc(5): after the name come state, parent, …; utime, stime, cutime, cstime are fields 14 to 17.
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            guard fields.count > 14, let parent = Int(fields[1]) else { continue }
            let times = fields[11...14].map { Int($0) ?? 0 }
            all[pid] = (parent, times[0] + times[1], times[2] + times[3])
        }
        return all
    }
}
