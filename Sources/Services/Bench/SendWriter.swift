import JSON
import Linux
import WebSocket

/// Writes the frames of a bench's clients into one buffer that is used again and again.
struct SendWriter {
    /// Everything of a SEND up to the number of its receipt, by room.
    private let heads: [[UInt8]]
    private let messageBytes: Int
    private var stomp: [UInt8] = []
    private var frame: [UInt8] = []
    /// Any key masks (RFC 6455 §5.3 wants one nobody can foresee against proxies, of which there are none here).
    private let maskingKey = UInt32(truncatingIfNeeded: SystemRandom.next())

    init(roomIDs: [Int64], messageBytes: Int) {
        self.messageBytes = max(24, messageBytes)
        let length = self.messageBytes
        heads = roomIDs.map { room in
            Array(
                """
                SEND
                destination:/pub/chat/room/\(room)
                content-type:text/plain
                content-length:\(length)
                receipt:
                """.utf8)
        }
    }

    /// A SEND to the room with this index, whose receipt is `slot`.
    mutating func frame(room: Int, slot: Int, nanoseconds: UInt64) -> [UInt8] {
        stomp.removeAll(keepingCapacity: true)
        stomp += heads[room]
        BenchText.append(decimal: UInt64(slot), to: &stomp)
        stomp += [10, 10]
        BenchText.append(nanoseconds: nanoseconds, count: messageBytes, to: &stomp)
        stomp.append(0)
        frame.removeAll(keepingCapacity: true)
        WebSocketWriter.append(.text, stomp, maskingKey: maskingKey, to: &frame)
        return frame
    }

    /// The answer to a ping.
    func pong(_ payload: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes: [UInt8] = []
        WebSocketWriter.append(.pong, payload, maskingKey: maskingKey, to: &bytes)
        return bytes
    }

    /// CONNECT, and the SUBSCRIBE with which a connection begins; its receipt is `receipt`.
    func opening(destination: String, subscription: String, receipt: Int) -> [UInt8] {
        let connect = "CONNECT\naccept-version:1.2\nheart-beat:0,0\n\n\0"
        let subscribe = "SUBSCRIBE\nid:\(subscription)\ndestination:\(destination)\nreceipt:\(receipt)\n\n\0"
        var bytes: [UInt8] = []
        WebSocketWriter.append(.text, Array(connect.utf8), maskingKey: maskingKey, to: &bytes)
        WebSocketWriter.append(.text, Array(subscribe.utf8), maskingKey: maskingKey, to: &bytes)
        return bytes
    }

    /// The slot of the SEND that was refused.
    static func slot(ofRefusal content: UnsafeRawBufferPointer) -> Int? {
        (try? JSONParser.parse(content))?["receiptId"]?.string.flatMap { Int($0) }
    }
}
