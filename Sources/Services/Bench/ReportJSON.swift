import JSON

/// The figures as JSON, for programs.
enum ReportJSON {
    static func bytes(_ all: [Figures]) -> [UInt8] {
        var writer = JSONWriter(capacityBytes: 4096)
        writer.beginObject()
        writer.key("scenarios")
        writer.beginArray()
        for figures in all { append(figures, to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes + [10]
    }

    private static func append(_ figures: Figures, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("scenario")
        writer.string(figures.scenario)
        let counts: [(StaticString, Int)] = [
            ("rooms", figures.rooms), ("subscribers", figures.subscribers), ("senders", figures.senders),
            ("outstanding", figures.outstanding), ("messageBytes", figures.messageBytes),
            ("messages", figures.messages), ("deliveries", figures.deliveries), ("losses", figures.losses),
            ("repeats", figures.repeats), ("disorders", figures.disorders), ("refusals", figures.refusals),
            ("disconnections", figures.disconnections),
        ]
        for (name, count) in counts {
            writer.key(name)
            writer.integer(count)
        }
        number("seconds", figures.seconds, &writer)
        number("messagesPerSecond", figures.messagesPerSecond, &writer)
        number("deliveriesPerSecond", figures.deliveriesPerSecond, &writer)
        latencies("receiptMilliseconds", figures.receipts, &writer)
        latencies("deliveryMilliseconds", figures.delivered, &writer)
        if let cost = figures.processorMicrosecondsPerMessage {
            number("processorMicrosecondsPerMessage", cost, &writer)
        }
        writer.key("processorSeconds")
        writer.beginObject()
        for entry in figures.processorSeconds {
            writer.key(text: entry.name)
            writer.raw(ReportTable.decimal(entry.seconds, 3).utf8)
        }
        writer.endObject()
        writer.endObject()
    }

    private static func latencies(_ name: StaticString, _ histogram: LatencyHistogram, _ writer: inout JSONWriter) {
        writer.key(name)
        writer.beginObject()
        let shares: [(StaticString, Double)] = [
            ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999),
        ]
        for (name, share) in shares { number(name, Double(histogram.percentile(share)) / 1e6, &writer) }
        number("max", Double(histogram.maximum) / 1e6, &writer)
        number("mean", histogram.mean / 1e6, &writer)
        writer.endObject()
    }

    private static func number(_ name: StaticString, _ value: Double, _ writer: inout JSONWriter) {
        writer.key(name)
        writer.raw(ReportTable.decimal(value, 3).utf8)
    }
}
