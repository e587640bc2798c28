import Foundation
import Testing

@testable import Logging

@Suite struct LogLineTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_007, "2000-02-29T00:00:00.007Z"),
            (1_795_234_200_123, "2026-11-21T04:10:00.123Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]) func writesTimes(milliseconds: Int64, text: String)
    {
        #expect(LogLine.time(milliseconds) == text)
    }

    @Test func aJSONLineIsOneObject() throws {
        let message = "a \"quoted\" \\ line\nwith 한글 \u{1} and \u{7F}"
        let line = LogLine.json(milliseconds: 0, level: .warning, service: "front-1", message: message)
        #expect(line.filter { $0 == 10 }.count == 1 && line.last == 10)
        let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: String]
        #expect(
            object == [
                "time": "1970-01-01T00:00:00.000Z", "level": "warning", "service": "front-1", "message": message,
            ])
    }

    @Test func aTextLineHasNoControlCharacters() {
        let line = LogLine.text(milliseconds: 0, level: .info, service: "up", message: "a\u{1B}[31m\nb")
        #expect(String(decoding: line, as: UTF8.self) == "1970-01-01T00:00:00.000Z info    up: a [31m b\n")
    }

    @Test func aLongMessageIsCutBetweenScalars() throws {
        for extra in 0..<4 {
            let message = String(repeating: "x", count: extra) + String(repeating: "한", count: 9000)
            let line = LogLine.json(milliseconds: 0, level: .info, service: "s", message: message)
            #expect(line.count < LogLine.messageBytesMax + 200)
            #expect(String(validating: line, as: UTF8.self) != nil)
        }
    }
}

@Suite struct LoggerTests {
    @Test func leavesOutWhatIsNotWanted() throws {
        let pipe = Pipe()
        let logger = Logger(service: "a", level: .warning, descriptor: pipe.fileHandleForWriting.fileDescriptor)
        logger.info("no")
        logger.error("yes")
        logger.setLevel(.debug)
        logger.debug("now")
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasSuffix(#""level":"error","service":"a","message":"yes"}"#) == true)
    }

    @Test func aReaderThatStandsStillHoldsNobodyUp() {
        let pipe = Pipe()
        let logger = Logger(service: "a", descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let line = String(repeating: "x", count: 3000)
        let start = ContinuousClock.now
        // A pipe holds 64 KiB.
        for _ in 0..<100 { logger.info(line) }
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
