import JSON
import TestSupport
import Testing

@testable import Bench

@Suite struct LatencyHistogramTests {
    @Test func bucketsAreNarrowAndWithoutGaps() {
        for value in [0, 1, 63, 64, 65, 127, 128, 1000, 999_999, 12_345_678, 60_000_000_000] as [UInt64] {
            let bucket = LatencyHistogram.bucket(value)
            let (from, below) = (
                bucket == 0 ? 0 : LatencyHistogram.upperBound(bucket - 1), LatencyHistogram.upperBound(bucket)
            )
            #expect(value >= from && value < below, "\(value): \(from)..<\(below)")
            #expect(below - from <= max(1, value / 64 + 1))
        }
        for bucket in 1..<2000 { #expect(LatencyHistogram.bucket(LatencyHistogram.upperBound(bucket - 1)) == bucket) }
    }

    @Test func percentilesAreNearTheTruth() {
        var histogram = LatencyHistogram()
        for value in (1...10_000).shuffled() { histogram.add(nanoseconds: UInt64(value) * 1000) }
        for (share, truth) in [(0.5, 5_000_000.0), (0.9, 9_000_000), (0.99, 9_900_000), (1, 10_000_000)] {
            #expect(abs(Double(histogram.percentile(share)) - truth) / truth < 0.02)
        }
        #expect(histogram.maximum == 10_000_000 && histogram.count == 10_000)
        #expect(abs(histogram.mean - 5_000_500) < 1)
        #expect(LatencyHistogram().percentile(0.5) == 0)
    }
}

@Suite struct FrameScannerTests {
    private static func message(_ payload: String) -> [UInt8] {
        let bytes = Array(payload.utf8)
        return bytes.count < 126
            ? [0x81, UInt8(bytes.count)] + bytes
            : [0x81, 126, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
    }

    private static let body =
        "{\"type\":\"MESSAGE\",\"seq\":42,\"writer\":\"Bench\",\"message\":\"@123456789 xxxxxxxxxxxxxxxxxxxxx\"}"
    private static let stream: [UInt8] =
        message("CONNECTED\nversion:1.2\nserver:a\n\n\0")
        + message("RECEIPT\nreceipt-id:7\nmessage-id:0198\nseq:41\n\n\0\n")
        + message(
            "MESSAGE\nsubscription:0\nseq:42\ncontent-length:\(body.utf8.count)\n\n\(body)\0"
                + "MESSAGE\nsubscription:e\n\n{}\0")
        + [0x89, 1, 65] + message("\n") + message("ERROR\nmessage:no\n\nwhy\0") + [0x88, 2, 0x03, 0xE8]

    private static let expected = [
        "connected", "receipt 7 41", "message 0 42 123456789", "message e -1 -", "ping 1", "error why", "close 1000",
    ]

    private func describe(_ frame: FrameScanner.Frame) -> String {
        switch frame {
        case .message(let seq, let subscription, let content):
            let sent = BenchText.sentNanoseconds(FrameScanner.text(in: content)).map(String.init) ?? "-"
            return "message \(Character(Unicode.Scalar(subscription))) \(seq) \(sent)"
        case .receipt(let id, let seq): return "receipt \(id) \(seq)"
        case .connected: return "connected"
        case .error(let text): return "error \(String(decoding: text, as: UTF8.self))"
        case .close(let code): return "close \(code)"
        case .ping(let payload): return "ping \(payload.count)"
        }
    }

    /// Gives `parts` one after the other, keeping what was not taken, as a reactor does.
    private func scan(_ parts: [ArraySlice<UInt8>]) -> [String] {
        var found: [String] = []
        var kept: [UInt8] = []
        for part in parts {
            kept += part
            let taken = kept.withUnsafeBytes { bytes in FrameScanner.scan(bytes) { found.append(describe($0)) } }
            kept.removeFirst(taken)
        }
        return found
    }

    @Test func everyFrameIsFound() { #expect(scan([Self.stream[...]]) == Self.expected) }

    @Test func cutAtEveryOctet() {
        for cut in 0...Self.stream.count {
            #expect(scan([Self.stream[..<cut], Self.stream[cut...]]) == Self.expected, "cut at \(cut)")
        }
        #expect(scan(Self.stream.indices.map { Self.stream[$0...$0] }) == Self.expected)
    }

    @Test func garbageIsSurvived() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2000 {
            var bytes = Self.stream
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            _ = scan([bytes[...]])
        }
    }
}

@Suite struct LoadPlanTests {
    @Test(arguments: [(100, 50), (50, 50), (7, 20), (10, 3), (1, 50)])
    func everyRoomHasASpeakerAndEverySpeakerARoom(rooms: Int, senders: Int) {
        var configuration = BenchConfiguration()
        configuration.rooms = rooms
        configuration.senders = senders
        let plan = LoadPlan(.rooms, configuration)
        let spoken = (0..<senders).map { plan.rooms(ofSender: $0) }
        #expect(spoken.allSatisfy { !$0.isEmpty })
        #expect(Set(spoken.joined()) == Set(0..<rooms))
        #expect(LoadPlan(.hot, configuration).rooms(ofSender: 3) == [0])
    }

    @Test func latencyIsOneAtATime() {
        let plan = LoadPlan(.latency, BenchConfiguration())
        #expect(plan.outstanding == 1 && plan.rate == 500)
    }
}

@Suite struct ReportTests {
    private func figures() -> Figures {
        var figures = Figures(LoadPlan(.rooms, BenchConfiguration()))
        figures.seconds = 2
        figures.messages = 1000
        figures.deliveries = 2000
        for value in 1...1000 {
            figures.receipts.add(nanoseconds: UInt64(value) * 10_000)
            figures.delivered.add(nanoseconds: UInt64(value) * 12_000)
        }
        figures.processorSeconds = [("front-1", 0.1), ("bench", 0.5)]
        return figures
    }

    @Test func theTableHasTheFigures() {
        let lines = ReportTable.text([figures()]).split(separator: "\n")
        #expect(lines[0].hasPrefix("scenario") && lines[1].hasPrefix("rooms"))
        #expect(lines[1].contains(" 500 ") && lines[1].contains(" 1000 ") && lines[1].hasSuffix("100 µs"))
        #expect(lines[2].contains("front-1 0.10, bench 0.50"))
    }

    @Test func theJSONIsOne() throws {
        let value = try JSONParser.parse(ReportJSON.bytes([figures()]))
        let scenario = try #require(value["scenarios"]?.array?.first)
        #expect(scenario["messages"]?.integer == 1000 && scenario["scenario"]?.string == "rooms")
        #expect(scenario["receiptMilliseconds"]?["p50"] != nil)
    }

    @Test func theDrawingIsWhole() {
        let svg = ReportSVG.text(figures())
        #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n") && svg.contains("polyline") && !svg.contains("nan"))
        #expect(ReportSVG.text(Figures(LoadPlan(.hot, BenchConfiguration()))).contains("</svg>"))
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (12.345, 2, "12.35"), (-0.5, 1, "-0.5"), (0.04, 1, "0.0"),
        (.nan, 2, "-"), (999.999, 0, "1000"),
    ])
    func decimals(number: Double, digits: Int, text: String) { #expect(ReportTable.decimal(number, digits) == text) }

    @Test func aPromiseBrokenIsSeen() {
        var figures = figures()
        #expect(figures.isClean)
        figures.repeats = 1
        #expect(!figures.isClean)
    }
}
