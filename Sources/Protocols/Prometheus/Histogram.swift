/// Durations counted in buckets, as Prometheus has histograms.
package struct Histogram: Sendable, Equatable {
    /// Upper bounds of the buckets in microseconds; the last bucket has none.
    package static let boundsMicroseconds: [Int64] = [
        250, 500, 1_000, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000,
    ]

    /// How many durations fell into each bucket, and behind the last bound.
    package private(set) var counts = [UInt64](repeating: 0, count: boundsMicroseconds.count + 1)
    /// The sum of all durations in microseconds.
    package private(set) var sumMicroseconds: Int64 = 0

    /// Nothing counted yet.
    package init() {}

    /// Counts one duration.
    package mutating func record(microseconds: Int64) {
        let index = Self.boundsMicroseconds.firstIndex { microseconds <= $0 } ?? Self.boundsMicroseconds.count
        counts[index] += 1
        sumMicroseconds += microseconds
    }

    /// Adds what another one counted.
    package mutating func add(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        sumMicroseconds += other.sumMicroseconds
    }

    /// How many durations were counted.
    package var count: UInt64 { counts.reduce(0, +) }
}
