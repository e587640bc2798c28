import Stomp
import Testing

/// STOMP 1.2, "Size Limits".
@Suite("STOMP 1.2, Size Limits")
struct StompLimitTests {
    @Test("The number of frame headers")
    func headers() {
        func send(_ count: Int) -> [UInt8] {
            octets("SEND\n" + String(repeating: "a:b\n", count: count) + "\n^@")
        }
        #expect(parse(send(64)).error == nil)
        #expect(parse(send(64), cuts: [100]).error == nil)
        #expect(parse(send(65)).error?.kind == .tooLarge)
        #expect(parse(send(65), cuts: [100]).error?.kind == .tooLarge)
        #expect(parse(send(65)).error?.code == "too_large")
    }

    @Test("The length of header lines, refused before the line ends")
    func lines() {
        func send(_ length: Int, _ end: String) -> [UInt8] {
            octets("SEND\na:" + String(repeating: "x", count: length - 2) + end)
        }
        for cuts in [[], [3], [500]] {
            #expect(parse(send(1024, "\r\n\n^@"), cuts: cuts).error == nil)
            #expect(parse(send(1025, "\r\n\n^@"), cuts: cuts).error?.kind == .tooLarge)
            #expect(parse(send(1025, ""), cuts: cuts).error?.kind == .tooLarge)
            #expect(parse(octets(String(repeating: "x", count: 1025)), cuts: cuts).error?.kind == .tooLarge)
        }
    }

    @Test("The size of a frame, counted from the content-length before the body comes")
    func announced() {
        let limits = StompLimits(frameBytesMax: 1000)
        let head = octets("SEND\ncontent-length:976\n\n")
        #expect(head.count == 25 - 1 + 1)
        let body = [UInt8](repeating: 1, count: 974)
        let fits = octets("SEND\ncontent-length:974\n\n") + body + [0]
        #expect(fits.count == 1000)
        for cuts in [[], [7], [30]] {
            #expect(parse(fits, limits: limits, cuts: cuts).frames.count == 1)
            #expect(parse(head, limits: limits, cuts: cuts.filter { $0 < head.count }).error?.kind == .tooLarge)
        }
    }

    @Test("The size of a frame without content-length")
    func open() {
        let limits = StompLimits(frameBytesMax: 1000)
        let head = octets("SEND\n\n")
        func send(_ size: Int) -> [UInt8] { head + [UInt8](repeating: 1, count: size - head.count - 1) + [0] }
        for cuts in [[], [3], [30], [999]] {
            #expect(parse(send(1000), limits: limits, cuts: cuts).frames.count == 1)
            #expect(parse(send(1001), limits: limits, cuts: cuts).error?.kind == .tooLarge)
            #expect(parse(Array(send(1002).dropLast()), limits: limits, cuts: cuts).error?.kind == .tooLarge)
        }
    }

    @Test("Nothing is kept between frames, and only what has come of a half one")
    func memory() throws {
        var reader = StompFrameReader(version: .v1_2)
        var frames: [StompFrame] = []
        try reader.receive(octets("SEND\n\nab^@\n\n"), into: &frames)
        #expect(reader.pendingBytes == 0)
        try reader.receive(octets("SEND\ncontent-length:200000\n\nab"), into: &frames)
        #expect(reader.pendingBytes == 30)
        try reader.receive([UInt8](repeating: 0, count: 199_998) + [0, 10], into: &frames)
        #expect(reader.pendingBytes == 0)
        #expect(frames.map(\.body.count) == [2, 200_000])
    }

    @Test("A frame that grows too large tells its own receipt, not that of another connection")
    func receiptOfTheRightFrame() {
        let scratch = StompScratch(limits: StompLimits(frameBytesMax: 100))
        var large = StompParser(version: .v1_2)
        var other = StompParser(version: .v1_2)
        func feed(_ parser: inout StompParser, _ text: String) -> StompError? {
            octets(text).withUnsafeBytes { buffer in
                var input = StompInput(buffer)
                do throws(StompError) {
                    while try parser.next(&input, scratch) != nil {}
                    return nil
                } catch {
                    return error
                }
            }
        }
        for head in ["SEND\nreceipt:own\n\n", "SEND\n\n"] {
            large = StompParser(version: .v1_2)
            #expect(feed(&large, head + "x") == nil)
            #expect(feed(&other, "SEND\nreceipt:other\n\n^@") == nil)
            let error = feed(&large, String(repeating: "x", count: 100))
            #expect(error?.kind == .tooLarge)
            #expect(error?.receipt == (head.contains("own") ? octets("own") : nil))
        }
    }
}
