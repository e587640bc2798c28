import Stomp
import Testing

@Suite("STOMP 1.2, Heart-beating")
struct StompHeartbeatTests {
    private func offer(_ header: String) throws -> StompHeartbeat.Offer {
        try Array(header.utf8).withUnsafeBytes { try StompHeartbeat.Offer(header: $0) }
    }

    @Test("The header MUST contain two positive integers separated by a comma")
    func syntax() throws {
        #expect(try offer("10,20") == .init(canSendMilliseconds: 10, wantsMilliseconds: 20))
        #expect(try offer("0,0") == .init(canSendMilliseconds: 0, wantsMilliseconds: 0))
        #expect(try offer("99999999999999999999,1").canSendMilliseconds == Int.max)
        for bad in ["", "1", "1,", ",1", "-1,1", "1,-1", "a,b", "1,2,3", "1.5,2"] {
            #expect(throws: StompError.self, "\(bad)") { try offer(bad) }
        }
    }

    @Test("A missing header MUST be treated the same way as 0,0")
    func missing() throws {
        #expect(try StompHeartbeat.Offer(header: nil) == offer("0,0"))
    }

    @Test(
        "CONNECTED answers with what was asked, held between 1000 and 60000",
        arguments: [
            ("0,0", "0,0"), ("10000,10000", "10000,10000"), ("4000,5000", "5000,4000"), ("1,1", "1000,1000"),
            ("100000,0", "0,60000"), ("0,100000", "60000,0"), ("999,60001", "60000,1000"),
        ])
    func answer(asked: String, answered: String) throws {
        #expect(StompHeartbeat.answer(to: try offer(asked)).header == answered)
    }

    @Test("There are heart-beats every MAX(<cx>,<sy>), none where one is 0")
    func agreed() throws {
        let client = try offer("4000,500")
        let server = StompHeartbeat.answer(to: client)
        #expect(
            StompHeartbeat(own: server, other: client)
                == StompHeartbeat(sendMilliseconds: 1000, receiveMilliseconds: 4000))
        #expect(
            StompHeartbeat(own: client, other: server)
                == StompHeartbeat(sendMilliseconds: 4000, receiveMilliseconds: 1000))
        #expect(
            StompHeartbeat(own: try offer("0,7"), other: try offer("0,7"))
                == StompHeartbeat(sendMilliseconds: 0, receiveMilliseconds: 0))
        let slow = try offer("100000,0")
        #expect(
            StompHeartbeat(own: .init(canSendMilliseconds: 0, wantsMilliseconds: 60000), other: slow)
                .receiveMilliseconds == 100_000)
    }

    @Test("The sender is early, the receiver tolerant")
    func margins() {
        let heartbeat = StompHeartbeat(sendMilliseconds: 10_000, receiveMilliseconds: 1001)
        #expect(heartbeat.sendAfterMilliseconds == 8_000)
        #expect(heartbeat.silenceMilliseconds == 2_502)
        let none = StompHeartbeat(sendMilliseconds: 0, receiveMilliseconds: 0)
        #expect(none.sendAfterMilliseconds == 0)
        #expect(none.silenceMilliseconds == 0)
        #expect(StompHeartbeat(sendMilliseconds: 0, receiveMilliseconds: .max).silenceMilliseconds > 1 << 60)
    }

    @Test("An end of line is all a heart-beat is, in any cut, and never a frame")
    func ends() {
        let bytes = octets("\n\r\n\nSEND\n\n^@\r\n\n\r\nSEND\n\n^@\r\n")
        for cut in 0...bytes.count {
            let parsed = parse(bytes, cuts: [cut])
            #expect(parsed.frames.count == 2)
            #expect(parsed.error == nil)
        }
    }
}
