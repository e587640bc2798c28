/// Writes metrics in Prometheus' text format, version 0.0.4 (prometheus.io, Exposition formats).
package struct PrometheusText: Sendable {
    /// What was written so far.
    package private(set) var text = ""

    /// Nothing written yet.
    package init() {}

    /// The Content-Type that goes with the text.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Names and values of labels, in the order they are written.
    package typealias Labels = [(name: String, value: String)]

    /// A number that only grows; `name` ends in `_total`.
    package mutating func counter(_ name: String, _ help: String, _ value: some BinaryInteger, _ labels: Labels = []) {
        counter(name, help, [(labels, Double(value))])
    }

    /// Several series of one counter.
    package mutating func counter(_ name: String, _ help: String, _ series: [(labels: Labels, value: Double)]) {
        family(name, help, "counter", series)
    }

    /// A number that goes up and down.
    package mutating func gauge(_ name: String, _ help: String, _ value: Double, _ labels: Labels = []) {
        gauge(name, help, [(labels, value)])
    }

    /// Several series of one gauge.
    package mutating func gauge(_ name: String, _ help: String, _ series: [(labels: Labels, value: Double)]) {
        family(name, help, "gauge", series)
    }

    /// A histogram; `name` ends in `_seconds`.
    package mutating func histogram(_ name: String, _ help: String, _ value: Histogram, _ labels: Labels = []) {
        head(name, help, "histogram")
        var total: UInt64 = 0
        for (index, count) in value.counts.enumerated() {
            total += count
            let bound =
                index < Histogram.boundsMicroseconds.count
                ? Self.number(Double(Histogram.boundsMicroseconds[index]) / 1_000_000) : "+Inf"
            line(name + "_bucket", labels + [("le", bound)], "\(total)")
        }
        line(name + "_sum", labels, Self.number(Double(value.sumMicroseconds) / 1_000_000))
        line(name + "_count", labels, "\(total)")
    }

    private mutating func family(
        _ name: String, _ help: String, _ type: String, _ series: [(labels: Labels, value: Double)]
    ) {
        head(name, help, type)
        for (labels, value) in series { line(name, labels, Self.number(value)) }
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: Labels, _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{"
            text += labels.map { "\($0.name)=\"\(Self.escape($0.value, quotes: true))\"" }.joined(separator: ",")
            text += "}"
        }
        text += " \(value)\n"
    }

    /// Whole numbers without a fraction, others as Swift writes them.
    private static func number(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return "\(whole)" }
        return "\(value)"
    }

    private static func escape(_ text: String, quotes: Bool) -> String {
        var out = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\"" where quotes: out += "\\\""
            default: out.unicodeScalars.append(character)
            }
        }
        return out
    }
}
