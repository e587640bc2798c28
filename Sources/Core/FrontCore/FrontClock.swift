/// What time it is, given in by the shell (or a simulation) before each call.
package struct FrontClock: Sendable {
    /// Wall clock in milliseconds since 1970.
    package var wallMilliseconds: Int64
    /// A clock that never goes back, in milliseconds.
    package var monotonicMilliseconds: Int64

    /// A point in time.
    package init(wallMilliseconds: Int64, monotonicMilliseconds: Int64) {
        self.wallMilliseconds = wallMilliseconds
        self.monotonicMilliseconds = monotonicMilliseconds
    }
}
