import Chat

/// A derivation of a key from a password that the shell works on.
typealias DerivationCompletion = (Result<[UInt8], ChatError>) -> Void

/// Derivations on their way.
struct Derivations {
    fileprivate var waiting: [UInt64: DerivationCompletion] = [:]
    fileprivate var deadlines = DeadlineQueue()
    fileprivate var counter: UInt64 = 0
}

extension FrontNode {
    /// How long a derivation may wait for its turn, in milliseconds; then whoever waits has long given up.
    private static let derivationMilliseconds: Int64 = 15_000

    /// Has the shell derive a key from `password`. The completion is called once; `overloaded` where too many wait.
    func derive(
        password: [UInt8], salt: [UInt8], iterations: Int, then completion: @escaping DerivationCompletion
    ) {
        guard derivations.waiting.count < settings.derivationsMax else {
            completion(.failure(ChatError(.overloaded, "Too many people log in at once; try again soon.")))
            return
        }
        derivations.counter += 1
        let job = derivations.counter
        derivations.waiting[job] = completion
        derivations.deadlines.add(job, milliseconds: Self.derivationMilliseconds, now: clock.monotonicMilliseconds)
        actions.append(.derive(job: job, password: password, salt: salt, iterations: iterations))
    }

    /// The shell carried out `.derive`; `key` has 32 octets.
    package func derived(job: UInt64, key: [UInt8]) {
        derivations.waiting.removeValue(forKey: job)?(.success(key))
    }

    /// Ends derivations that the shell did not get to.
    func expireDerivations() {
        let waiting = derivations.waiting
        let expired = derivations.deadlines.takeExpired(now: clock.monotonicMilliseconds) { waiting[$0] != nil }
        for job in expired {
            derivations.waiting.removeValue(forKey: job)?(
                .failure(ChatError(.overloaded, "Too many people log in at once; try again soon.")))
        }
    }

    /// `count` random octets.
    func randomBytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0.prefix(count - bytes.count)) }
        }
        return bytes
    }
}
