/// Counts durations in buckets that are at most 1/64 wide of what they hold, as HdrHistogram does.
package struct LatencyHistogram: Sendable {
    private static let perOctave = 64
    private var counts = [UInt64](repeating: 0, count: 64 * 40)

    /// How many were added.
    package private(set) var count: UInt64 = 0
    /// The longest, in nanoseconds.
    package private(set) var maximum: UInt64 = 0
    private var sum: Double = 0

    /// An empty one.
    package init() {}

    /// Adds a duration.
    package mutating func add(nanoseconds: UInt64) {
        counts[min(Self.bucket(nanoseconds), counts.count - 1)] += 1
        count += 1
        sum += Double(nanoseconds)
        maximum = max(maximum, nanoseconds)
    }

    /// The mean in nanoseconds, 0 where nothing was added.
    package var mean: Double { count == 0 ? 0 : sum / Double(count) }

    /// The duration in nanoseconds that the part `share` (0 to 1) did not exceed, up to the width of a bucket.
    package func percentile(_ share: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let wanted = max(1, UInt64((Double(count) * share).rounded(.up)))
        var seen: UInt64 = 0
        for (index, bucket) in counts.enumerated() {
            seen += bucket
            if seen >= wanted { return min(Self.upperBound(index), maximum) }
        }
        return maximum
    }

    /// The buckets that hold anything: from, below (both in nanoseconds), how many.
    package var filled: [(from: UInt64, below: UInt64, count: UInt64)] {
        counts.enumerated().compactMap { index, count in
            guard count > 0 else { return nil }
            return (index == 0 ? 0 : Self.upperBound(index - 1), Self.upperBound(index), count)
        }
    }

    /// Durations under 64 ns have a bucket each, every doubling after that has 64.
    static func bucket(_ value: UInt64) -> Int {
        let perOctave = UInt64(Self.perOctave)
        guard value >= perOctave else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - 6
        return (shift + 1) * Self.perOctave + Int((value >> UInt64(shift)) - perOctave)
    }

    /// The first duration above the bucket.
    static func upperBound(_ bucket: Int) -> UInt64 {
        guard bucket >= perOctave else { return UInt64(bucket + 1) }
        let shift = UInt64(bucket / perOctave - 1)
        return UInt64(bucket % perOctave + perOctave + 1) << shift
    }
}
