/// The figures as a table for people.
enum ReportTable {
    static func text(_ all: [Figures]) -> String {
        let head = [
            "scenario", "messages/s", "deliveries/s", "RECEIPT p50", "p90", "p99", "p99.9", "max", "delivery p50",
            "p99",
            "max", "lost", "again", "disorder", "refused", "cut", "CPU/message",
        ]
        let rows = all.map { figures in
            [
                figures.scenario, rounded(figures.messagesPerSecond), rounded(figures.deliveriesPerSecond),
                milliseconds(figures.receipts.percentile(0.5)), milliseconds(figures.receipts.percentile(0.9)),
                milliseconds(figures.receipts.percentile(0.99)), milliseconds(figures.receipts.percentile(0.999)),
                milliseconds(figures.receipts.maximum), milliseconds(figures.delivered.percentile(0.5)),
                milliseconds(figures.delivered.percentile(0.99)), milliseconds(figures.delivered.maximum),
                "\(figures.losses)", "\(figures.repeats)", "\(figures.disorders)", "\(figures.refusals)",
                "\(figures.disconnections)",
                figures.processorMicrosecondsPerMessage.map { rounded($0) + " µs" } ?? "-",
            ]
        }
        var text = table([head] + rows)
        for figures in all {
            text += "\n\(figures.scenario): \(figures.rooms) rooms × \(figures.subscribers) subscribers, "
            text += "\(figures.senders) senders × \(figures.outstanding) outstanding, \(figures.messageBytes) octets, "
            text += "\(figures.messages) messages in \(decimal(figures.seconds, 1)) s"
            let processors = figures.processorSeconds.map { "\($0.name) \(decimal($0.seconds, 2))" }
            text += "; CPU seconds: \(processors.joined(separator: ", "))"
        }
        return text + "\nlatencies in milliseconds"
    }

    /// The first column to the left, the others to the right.
    private static func table(_ rows: [[String]]) -> String {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ") + "\n"
        }.joined()
    }

    static func milliseconds(_ nanoseconds: UInt64) -> String { decimal(Double(nanoseconds) / 1e6, 2) }

    static func rounded(_ number: Double) -> String { decimal(number, 0) }

    /// With so many digits behind the point.
    static func decimal(_ number: Double, _ digits: Int) -> String {
        var factor = 1.0
        for _ in 0..<digits { factor *= 10 }
        guard number.isFinite, abs(number) < 1e15 else { return "-" }
        let whole = Int((abs(number) * factor).rounded())
        let sign = number < 0 && whole > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let fraction = String(whole % Int(factor))
        let padding = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(whole / Int(factor)).\(padding)\(fraction)"
    }
}
