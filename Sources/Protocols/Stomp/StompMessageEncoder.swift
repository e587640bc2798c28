/// MESSAGE frames for fan-out. A frame is a head that belongs to the subscription and a tail that belongs to the
/// event: the tail is encoded once for all subscribers, and each group of equal subscriptions costs two copies.
package enum StompMessageEncoder {
    /// From the command to the end of the content-type: `subscription`, `destination`, `content-type`.
    package static func head(
        subscription: some Collection<UInt8>, destination: some Collection<UInt8>,
        contentType: StaticString = "application/json;charset=utf-8", version: StompVersion
    ) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(96 + subscription.count + destination.count)
        head.append(static: "MESSAGE\nsubscription:")
        head.append(escaping: subscription, version: version)
        head.append(static: "\ndestination:")
        head.append(escaping: destination, version: version)
        head.append(static: "\ncontent-type:")
        head.append(static: contentType)
        head.append(10)
        return head
    }

    /// From `message-id` to the NULL octet, for an event of a room: `message-id`, `seq`, `epoch`, `content-length`.
    ///
    /// - Parameter messageId: a UUID in lower case, which needs no escape.
    package static func appendTail(
        to tail: inout [UInt8], messageId: UnsafeRawBufferPointer, seq: Int64, epoch: Int64,
        body: UnsafeRawBufferPointer
    ) {
        tail.append(static: "message-id:")
        tail.append(contentsOf: messageId)
        tail.append(static: "\nseq:")
        tail.append(decimal: Int(seq))
        tail.append(static: "\nepoch:")
        tail.append(decimal: Int(epoch))
        tail.append(10)
        tail.append(body: body)
    }

    /// As above, from arrays and views of text.
    package static func appendTail(
        to tail: inout [UInt8], messageId: some Collection<UInt8>, seq: Int64, epoch: Int64,
        body: some Collection<UInt8>
    ) {
        withOctets(of: messageId) { messageId in
            withOctets(of: body) { body in
                appendTail(to: &tail, messageId: messageId, seq: seq, epoch: epoch, body: body)
            }
        }
    }

    /// As above for what has no seq, such as READ, TYPING, a notice or a refusal.
    package static func appendTail(
        to tail: inout [UInt8], messageId: some Collection<UInt8>, body: some Collection<UInt8>
    ) {
        tail.append(static: "message-id:")
        withOctets(of: messageId) { tail.append(contentsOf: $0) }
        tail.append(10)
        withOctets(of: body) { tail.append(body: $0) }
    }

    /// The `ack` header of a subscription that acknowledges (STOMP 1.2, MESSAGE); stands between head and tail.
    package static func appendAck(to frame: inout [UInt8], _ ack: some Collection<UInt8>) {
        frame.append(static: "ack:")
        withOctets(of: ack) { frame.append(contentsOf: $0) }
        frame.append(10)
    }
}

extension [UInt8] {
    mutating func append(escaping value: some Collection<UInt8>, version: StompVersion) {
        withOctets(of: value) { append(value: $0, version: version) }
    }
}
