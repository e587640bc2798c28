internal import Glibc
internal import Linux

/// Places where a test lets a backend die: `MADANG_FAILPOINT` names one, `NAME:N` its Nth passing (GUARANTEES, Faults).
/// Nothing happens without the variable.
enum Failpoint: String, CaseIterable {
    case polled
    case beforeTransaction = "before-transaction"
    case inTransaction = "in-transaction"
    case afterTransaction = "after-transaction"
    case produced
    case beforeOffset = "before-offset"

    /// What the variable says; wrong names are as none.
    struct Wish: Sendable {
        let point: Failpoint
        let passing: Int

        init?(_ text: String?) {
            guard let parts = text?.split(separator: ":"), let name = parts.first,
                let point = Failpoint(rawValue: String(name))
            else { return nil }
            self.point = point
            passing = parts.count > 1 ? Int(parts[1]) ?? 1 : 1
        }
    }

    /// Dies here where that is wished. `passings` counts.
    func pass(_ wish: Wish?, _ passings: inout Int) {
        guard let wish, wish.point == self else { return }
        passings += 1
        guard passings == wish.passing else { return }
        if self == .inTransaction {
            // The transaction is begun right after this; death comes while PostgreSQL works on it.
            let thread = try? NativeThread.start(name: "failpoint") {
                SystemClock.sleep(milliseconds: 1)
                _ = kill(getpid(), SIGKILL)
            }
            thread?.detach()
        } else {
            _ = kill(getpid(), SIGKILL)
        }
    }
}
