import Chat
import Stomp
import WebSocket

extension FrontNode {
    /// `message-id` to the NULL octet of an event's MESSAGE.
    func appendTail(messageID: MessageID, seq: Seq, epoch: Int64, body: [UInt8], to tail: inout [UInt8]) {
        StompMessageEncoder.appendTail(
            to: &tail, messageId: messageID.description.utf8, seq: seq, epoch: epoch, body: body)
    }

    /// The header `ack`, and word to the connection that one more MESSAGE waits for its ACK.
    func appendAck(_ key: SubscriptionKey, seq: Seq, messageID: MessageID, to head: inout [UInt8]) {
        let ackID = "\(key.number)-\(seq)"
        StompMessageEncoder.appendAck(to: &head, ackID.utf8)
        messageSent(key, seq: seq, messageID: messageID, ackID: ackID)
    }

    /// A frame of two parts as `transport` carries it.
    func append(frameHead head: [UInt8], tail: [UInt8], transport: Transport, to bytes: inout [UInt8]) {
        if transport == .webSocket { appendTextHeader(payloadBytes: head.count + tail.count, to: &bytes) }
        bytes.append(contentsOf: head)
        bytes.append(contentsOf: tail)
    }

    /// A whole frame as `transport` carries it.
    func wrap(_ frame: [UInt8], transport: Transport) -> [UInt8] {
        guard transport == .webSocket else { return frame }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frame.count + 10)
        appendTextHeader(payloadBytes: frame.count, to: &bytes)
        bytes.append(contentsOf: frame)
        return bytes
    }

    private func appendTextHeader(payloadBytes: Int, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { header in
            guard let base = header.baseAddress else { return }
            let count = WebSocketWriter.writeHeader(.text, payloadBytes: payloadBytes, to: base)
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: header[..<count]))
        }
    }

    /// Sends out what was encoded for groups in this turn.
    func flushGroups() {
        for group in dirtyGroups { flush(group) }
        dirtyGroups.removeAll(keepingCapacity: true)
    }

    /// Sends out what was encoded for one group, before who is in it changes.
    func flush(_ group: FanOutGroup) {
        guard !group.buffer.isEmpty else { return }
        if group.key.transport == .wrapped {
            for connection in group.connections { actions.append(.send(connection, group.buffer)) }
        } else {
            actions.append(.fanOut(group.buffer, group.connections))
        }
        group.buffer = []
    }
}
