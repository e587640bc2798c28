/// Decides which child is started, ended or waited for, and when. Without clock or processes: told what happened and
/// when, it returns what is to be done.
struct Supervision: Sendable {
    enum Action: Equatable, Sendable {
        case start(Child)
        /// Ask it to end.
        case terminate(Child)
        /// End it at once.
        case kill(Child)
        /// It ended and is started again after so many milliseconds.
        case tellRestart(Child, milliseconds: Int)
        /// The first time that every child is ready.
        case tellReady
        /// Nothing is left; leave with this status.
        case finish(status: Int32)
    }

    private enum State: Equatable {
        /// Not started, or waiting for others.
        case waiting
        case running(since: Int)
        case ready(since: Int)
        case backingOff(until: Int)
        /// Did its one thing.
        case done
    }

    /// How long each group may take to end before it is killed; together, with being killed twice, less than 15 s
    /// (CONTRACT section 1).
    static let stopMilliseconds = [4500, 3500, 3500]
    /// How long who is killed may take to be gone, before it is killed again.
    static let killMilliseconds = 1000
    /// How long backends and fronts of a dead broker may take to end.
    static let dropMilliseconds = 3000

    private let children: [Child]
    private var states: [Child: State] = [:]
    private var backoffs: [Child: Backoff] = [:]
    /// Children that were asked to end because the broker did, with the time when they are killed.
    private var dropping: [Child: Int] = [:]
    private var wasReady = false
    private var stopStage: Int?
    private var stageEnds = 0
    private var exitStatus: Int32 = 0

    /// Looks after these children; those left out (a broker elsewhere) count as ready.
    init(_ children: [Child]) {
        self.children = children
        for child in children {
            states[child] = .waiting
            backoffs[child] = Backoff()
        }
    }

    /// Whether it is on its way to the end.
    var isStopping: Bool { stopStage != nil }

    /// Whether the child was asked to end.
    func isEnding(_ child: Child) -> Bool { isStopping || dropping[child] != nil }

    /// The children that run and have not said that they are ready.
    var unready: [Child] {
        children.filter { child in
            if case .running = states[child] { !child.endsByItself && dropping[child] == nil } else { false }
        }
    }

    /// When `tick` is to be called at the latest, in the clock's milliseconds; nil: not before something happens.
    var nextTick: Int? {
        let waits = children.compactMap { child -> Int? in
            if case .backingOff(let until) = states[child], !isStopping { until } else { nil }
        }
        let drops = dropping.values.filter { $0 != .max }
        return (waits + drops + (isStopping ? [stageEnds] : [])).min()
    }

    /// Begins.
    mutating func begin(now: Int) -> [Action] { startWhatCan(now) }

    /// A child has said that it is ready.
    mutating func becameReady(_ child: Child, now: Int) -> [Action] {
        guard case .running(let since) = states[child], !isStopping else { return [] }
        states[child] = .ready(since: since)
        return startWhatCan(now) + tellReadyOnce()
    }

    /// A child has ended, or could not be started.
    mutating func ended(_ child: Child, succeeded: Bool, now: Int) -> [Action] {
        let since: Int
        switch states[child] {
        case .running(let time), .ready(let time): since = time
        default: return []
        }
        let wasDropped = dropping.removeValue(forKey: child) != nil
        if isStopping {
            states[child] = .waiting
            return continueStopping(now)
        }
        if child.endsByItself && succeeded {
            states[child] = .done
            return startWhatCan(now) + tellReadyOnce()
        }
        if wasDropped {
            states[child] = .waiting
            return startWhatCan(now)
        }
        let wait = backoffs[child, default: Backoff()].wait(afterRunning: now - since)
        states[child] = .backingOff(until: now + wait)
        return [.tellRestart(child, milliseconds: wait)] + (child.role == .broker ? dropDependents(now) : [])
    }

    /// Time has passed.
    mutating func tick(now: Int) -> [Action] {
        var actions: [Action] = []
        for (child, time) in dropping.sorted(by: { $0.key.description < $1.key.description }) where time <= now {
            dropping[child] = .max
            actions.append(.kill(child))
        }
        if isStopping {
            guard now >= stageEnds else { return actions }
            stageEnds = now + Supervision.killMilliseconds
            return actions + stageChildren.map { .kill($0) }
        }
        for child in children {
            if case .backingOff(let until) = states[child], until <= now { states[child] = .waiting }
        }
        return actions + startWhatCan(now)
    }

    /// Ends everything: fronts first, so that what clients have sent is still answered, then backends, then the stores.
    mutating func stop(status: Int32, now: Int) -> [Action] {
        guard !isStopping else { return [] }
        exitStatus = status
        stopStage = -1
        return continueStopping(now)
    }

    private func isUp(_ role: Child.Role) -> Bool {
        children.allSatisfy { child in
            guard child.role == role else { return true }
            switch states[child] {
            case .ready, .done: return true
            default: return false
            }
        }
    }

    private func mayStart(_ child: Child) -> Bool {
        switch child.role {
        case .broker, .postgres: true
        case .topics: isUp(.broker)
        case .migrate: isUp(.postgres)
        // PostgreSQL is not asked for: they were there before it, and wait for it themselves.
        case .backend, .front: isUp(.broker) && isUp(.topics) && isUp(.migrate) && dropping.isEmpty
        }
    }

    private mutating func startWhatCan(_ now: Int) -> [Action] {
        guard !isStopping else { return [] }
        var actions: [Action] = []
        for child in children where states[child] == .waiting && mayStart(child) {
            states[child] = .running(since: now)
            actions.append(.start(child))
        }
        return actions
    }

    /// The embedded broker keeps nothing: what comes after it is another log, and those who read the old one end.
    private mutating func dropDependents(_ now: Int) -> [Action] {
        var actions: [Action] = []
        for child in children where child.role == .backend || child.role == .front {
            switch states[child] {
            case .running, .ready:
                if dropping[child] == nil {
                    dropping[child] = now + Supervision.dropMilliseconds
                    actions.append(.terminate(child))
                }
            default: states[child] = .waiting
            }
        }
        return actions
    }

    private mutating func tellReadyOnce() -> [Action] {
        let everyone: [Child.Role] = [.broker, .postgres, .topics, .migrate, .backend, .front]
        guard !wasReady, everyone.allSatisfy({ isUp($0) }) else { return [] }
        wasReady = true
        return [.tellReady]
    }

    // MARK: Ending

    private func isRunning(_ child: Child) -> Bool {
        switch states[child] {
        case .running, .ready: true
        default: false
        }
    }

    private var stageChildren: [Child] {
        let roles: [[Child.Role]] = [[.front], [.backend, .topics, .migrate], [.broker, .postgres]]
        guard let stage = stopStage, roles.indices.contains(stage) else { return [] }
        return children.filter { roles[stage].contains($0.role) && isRunning($0) }
    }

    private mutating func continueStopping(_ now: Int) -> [Action] {
        guard let stage = stopStage, stageChildren.isEmpty else { return [] }
        guard stage + 1 < Supervision.stopMilliseconds.count else { return [.finish(status: exitStatus)] }
        stopStage = stage + 1
        stageEnds = now + Supervision.stopMilliseconds[stage + 1]
        let asked = stageChildren
        return asked.isEmpty ? continueStopping(now) : asked.map { .terminate($0) }
    }
}
