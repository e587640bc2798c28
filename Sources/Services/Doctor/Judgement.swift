/// What numbers mean: which are good, which are not. No look at the system is taken here.
enum Judgement {
    /// Whether a version is at least the one this program was written for.
    static func library(_ name: String, version: String, atLeast needed: [Int], package: String) -> Finding {
        let parts = version.split(whereSeparator: { !$0.isNumber }).prefix(needed.count).map { Int($0) ?? 0 }
        let text = needed.map(String.init).joined(separator: ".")
        guard !parts.isEmpty, !parts.lexicographicallyPrecedes(needed) else {
            return .bad(name, "version \(version) is older than \(text)", "install \(package) of Debian 12 or newer")
        }
        return .good(name, "version \(version)")
    }

    /// The clock of PostgreSQL against this machine's.
    static func clocks(skewMilliseconds: Int64, uncertaintyMilliseconds: Int64) -> Finding {
        let remedy = "let both machines keep their clocks by NTP (timedatectl set-ntp true)"
        let words = "PostgreSQL's is \(skewMilliseconds) ms ahead (± \(uncertaintyMilliseconds) ms)"
        // A command lives for 30 s by default: a skew of some seconds ends it too early or too late.
        switch max(0, abs(skewMilliseconds) - uncertaintyMilliseconds) {
        case ..<500: return .good("clocks", words)
        case ..<5000: return .doubtful("clocks", words, remedy)
        default: return .bad("clocks", words, remedy)
        }
    }

    /// How many descriptors a process may have; each connection of a front is one.
    static func descriptors(limit: Int) -> Finding {
        let remedy = "raise the limit (ulimit -n 100000, or LimitNOFILE= of the service)"
        switch limit {
        case ..<1024: return .bad("descriptors", "a process may have \(limit)", remedy)
        case ..<16_384:
            return .doubtful("descriptors", "a process may have \(limit), a front's connections included", remedy)
        default: return .good("descriptors", "a process may have \(limit)")
        }
    }

    /// The space where `madang up` keeps its data.
    static func disk(freeBytes: Int, at path: String) -> Finding {
        let words = "\(freeBytes / 1_048_576) MiB are free at \(path)"
        let remedy = "make room: PostgreSQL stops when the disk is full"
        switch freeBytes {
        case ..<104_857_600: return .bad("disk", words, remedy)
        case ..<2_147_483_648: return .doubtful("disk", words, remedy)
        default: return .good("disk", words)
        }
    }

    /// `15.8 (Debian …)`; promises rest on what PostgreSQL 15 does.
    static func server(version: String, synchronousCommit: String, isStandby: Bool) -> [Finding] {
        var findings = [Finding]()
        let major = version.prefix { $0.isNumber }
        if let major = Int(major), major >= 15 {
            findings.append(.good("postgres", "version \(version)"))
        } else {
            findings.append(.bad("postgres", "version \(version) is older than 15", "use PostgreSQL 15 or newer"))
        }
        if isStandby {
            findings.append(.bad("postgres", "it is a standby, which takes no writes", "give the primary's URI"))
        }
        if synchronousCommit == "off" || synchronousCommit == "local" {
            let remedy = "ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf();"
            let words = "synchronous_commit is \(synchronousCommit): a crash can take confirmed messages back"
            findings.append(
                synchronousCommit == "off" ? .bad("postgres", words, remedy) : .doubtful("postgres", words, remedy))
        }
        return findings
    }
}
