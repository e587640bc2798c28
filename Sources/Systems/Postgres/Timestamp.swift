/// `timestamptz` on the wire: microseconds since 2000-01-01 00:00 UTC.
enum Timestamp {
    /// 2000-01-01 in milliseconds since 1970.
    private static let epochMilliseconds: Int64 = 946_684_800_000

    static func encode(_ millisecondsSince1970: Int64) -> Int64 {
        let (shifted, under) = millisecondsSince1970.subtractingReportingOverflow(epochMilliseconds)
        let (micro, over) = shifted.multipliedReportingOverflow(by: 1000)
        guard under || over else { return micro }
        return millisecondsSince1970 < 0 ? .min : .max
    }

    /// Rounded down to the millisecond; ±infinity stays the largest or smallest number.
    static func decode(_ microseconds: Int64) -> Int64 {
        if microseconds == .max || microseconds == .min { return microseconds }
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1000)
        return quotient &- (remainder < 0 ? 1 : 0) &+ epochMilliseconds
    }
}
