/// Times on the wire: `2026-11-21T04:10:00.123Z` (RFC 3339, UTC, three digits of a second).
package enum Timestamp {
    /// The text of a time in milliseconds since 1970, from year 0 to 9999.
    package static func text(milliseconds: Int64) -> String {
        var out: [UInt8] = []
        write(milliseconds: milliseconds, into: &out)
        return String(decoding: out, as: UTF8.self)
    }

    /// Appends the 24 characters of a time in milliseconds since 1970.
    package static func write(milliseconds: Int64, into out: inout [UInt8]) {
        let (days, ofDay) = floorDivide(milliseconds, 86_400_000)
        let (year, month, day) = civil(daysSince1970: days)
        digits(year, 4, into: &out)
        out.append(UInt8(ascii: "-"))
        digits(month, 2, into: &out)
        out.append(UInt8(ascii: "-"))
        digits(day, 2, into: &out)
        out.append(UInt8(ascii: "T"))
        digits(ofDay / 3_600_000, 2, into: &out)
        out.append(UInt8(ascii: ":"))
        digits(ofDay / 60_000 % 60, 2, into: &out)
        out.append(UInt8(ascii: ":"))
        digits(ofDay / 1000 % 60, 2, into: &out)
        out.append(UInt8(ascii: "."))
        digits(ofDay % 1000, 3, into: &out)
        out.append(UInt8(ascii: "Z"))
    }

    /// The milliseconds since 1970 of a text of the same form, nil for anything else.
    package static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24 else { return nil }
        for (index, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":"), (19, "."), (23, "Z")] {
            guard bytes[index] == mark.utf8.first else { return nil }
        }
        func number(_ range: Range<Int>) -> Int64? {
            bytes[range].withUnsafeBytes { Decimal.unsigned($0) }.map(Int64.init)
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let milli = number(20..<23), (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60,
            second < 60
        else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli
    }

    private static func digits(_ value: Int64, _ count: Int, into out: inout [UInt8]) {
        var rest = value
        let start = out.count
        for _ in 0..<count {
            out.append(UInt8(truncatingIfNeeded: 0x30 + rest % 10))
            rest /= 10
        }
        out[start...].reverse()
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> (Int64, Int64) {
        let rest = value % divisor
        return rest < 0 ? (value / divisor - 1, rest + divisor) : (value / divisor, rest)
    }

    // The two conversions are Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
    private static func civil(daysSince1970 days: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let (era, yearOfEra) = floorDivide(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
