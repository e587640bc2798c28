import Glibc

/// The latencies of a scenario as a drawing: how many took how long, on a scale that grows by tens.
enum ReportSVG {
    private static let width = 720.0
    private static let height = 320.0
    private static let left = 60.0
    private static let bottom = 50.0
    private static let top = 40.0

    static func text(_ figures: Figures) -> String {
        let series: [(name: String, colour: String, histogram: LatencyHistogram)] = [
            ("RECEIPT", "#1f6f8b", figures.receipts), ("delivery", "#d1495b", figures.delivered),
        ]
        let longest = max(series.map(\.histogram.maximum).max() ?? 1, 1)
        let shortest = series.map { max($0.histogram.percentile(0.001), 10_000) }.min() ?? 10_000
        let decades = (log10(Double(shortest)).rounded(.down), max(6.0, log10(Double(longest)).rounded(.up)))
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" font-family="sans-serif">
            <rect width="100%" height="100%" fill="white"/>
            <text x="\(left)" y="22" font-size="15">\(figures.scenario): \(title(figures))</text>

            """
        svg += axis(decades)
        for (index, entry) in series.enumerated() {
            svg += "<polyline fill=\"none\" stroke=\"\(entry.colour)\" stroke-width=\"1.5\" points=\""
            svg += points(entry.histogram, decades) + "\"/>\n"
            let summary =
                "\(entry.name): p50 \(ReportTable.milliseconds(entry.histogram.percentile(0.5))) ms, "
                + "p99 \(ReportTable.milliseconds(entry.histogram.percentile(0.99))) ms"
            svg += "<text x=\"\(left + 8)\" y=\"\(top + 18 + Double(index) * 18)\" font-size=\"12\" "
            svg += "fill=\"\(entry.colour)\">\(summary)</text>\n"
        }
        return svg + "</svg>\n"
    }

    private static func title(_ figures: Figures) -> String {
        "\(ReportTable.rounded(figures.messagesPerSecond)) messages/s, "
            + "\(figures.rooms) rooms × \(figures.subscribers), \(figures.senders) senders × \(figures.outstanding)"
    }

    private static func axis(_ decades: (Double, Double)) -> String {
        let floor = height - bottom
        var svg = "<line x1=\"\(left)\" y1=\"\(floor)\" x2=\"\(width - 20)\" y2=\"\(floor)\" stroke=\"black\"/>\n"
        for decade in Int(decades.0)...Int(decades.1) {
            let x = place(Double(decade), decades)
            let value = pow(10, Double(decade - 6))
            let label = value >= 1 ? ReportTable.rounded(value) : ReportTable.decimal(value, 6 - decade)
            svg += "<line x1=\"\(x)\" y1=\"\(top)\" x2=\"\(x)\" y2=\"\(floor)\" stroke=\"#ddd\"/>\n"
            svg += "<text x=\"\(x)\" y=\"\(floor + 18)\" font-size=\"12\" text-anchor=\"middle\">\(label) ms</text>\n"
        }
        svg += "<text x=\"\(left - 8)\" y=\"\(top + 8)\" font-size=\"12\" text-anchor=\"end\">share</text>\n"
        return svg
    }

    /// Twenty steps a decade; the highest reaches the top.
    private static func points(_ histogram: LatencyHistogram, _ decades: (Double, Double)) -> String {
        let steps = Int((decades.1 - decades.0) * 20)
        var counts = [Double](repeating: 0, count: steps + 1)
        for bucket in histogram.filled {
            let middle = log10(max(Double(bucket.from + bucket.below) / 2, 1))
            let step = Int(((middle - decades.0) * 20).rounded())
            counts[min(max(step, 0), steps)] += Double(bucket.count)
        }
        let highest = max(counts.max() ?? 1, 1)
        return counts.enumerated().map { step, count in
            let x = place(decades.0 + Double(step) / 20, decades)
            let y = height - bottom - count / highest * (height - bottom - top)
            return "\(ReportTable.decimal(x, 1)),\(ReportTable.decimal(y, 1))"
        }.joined(separator: " ")
    }

    private static func place(_ decade: Double, _ decades: (Double, Double)) -> Double {
        left + (decade - decades.0) / (decades.1 - decades.0) * (width - left - 40)
    }
}
