/// Heart-beats as both sides agreed on them (STOMP 1.2, Heart-beating); milliseconds, 0 for none.
package struct StompHeartbeat: Sendable, Equatable {
    /// What this side sends at least this often.
    package let sendMilliseconds: Int
    /// What the other side sends at least this often.
    package let receiveMilliseconds: Int

    /// The bounds between which this server answers.
    package static let answerMilliseconds = 1_000...60_000

    /// Intervals that are already agreed on.
    package init(sendMilliseconds: Int, receiveMilliseconds: Int) {
        self.sendMilliseconds = sendMilliseconds
        self.receiveMilliseconds = receiveMilliseconds
    }

    /// When to send an end of line after the last octets sent, so that it is there within the interval; 0 for never.
    package var sendAfterMilliseconds: Int { sendMilliseconds - sendMilliseconds / 5 }

    /// How long a silence lasts until the other side counts as gone: 2.5 intervals; 0 for never.
    package var silenceMilliseconds: Int { receiveMilliseconds.multipliedClamping(by: 5) / 2 }

    /// A value of the `heart-beat` header: what its sender can do, and what it would like to get.
    package struct Offer: Sendable, Equatable {
        /// The shortest interval at which the sender of the frame can send; 0: it cannot.
        package let canSendMilliseconds: Int
        /// The interval at which the sender of the frame would like to get; 0: it does not want.
        package let wantsMilliseconds: Int

        /// An offer of both numbers.
        package init(canSendMilliseconds: Int, wantsMilliseconds: Int) {
            self.canSendMilliseconds = canSendMilliseconds
            self.wantsMilliseconds = wantsMilliseconds
        }

        /// Reads the header; a missing one is the same as `0,0`.
        ///
        /// - Throws: `malformed` where it is not two decimal numbers with a comma between them.
        package init(header: UnsafeRawBufferPointer?) throws(StompError) {
            guard let header else {
                self.init(canSendMilliseconds: 0, wantsMilliseconds: 0)
                return
            }
            let comma = index(of: UInt8(ascii: ","), in: header, from: 0)
            guard comma < header.count,
                let first = decimal(trimmingSpaces(UnsafeRawBufferPointer(rebasing: header[..<comma]))),
                let second = decimal(trimmingSpaces(UnsafeRawBufferPointer(rebasing: header[(comma + 1)...])))
            else { throw StompError(.malformed, "heart-beat is not two numbers with a comma between them") }
            self.init(canSendMilliseconds: first, wantsMilliseconds: second)
        }

        /// The header's value.
        package var header: String { "\(canSendMilliseconds),\(wantsMilliseconds)" }
    }

    /// The answer of this server to a client's offer: what was asked, held between a second and a minute.
    package static func answer(to client: Offer) -> Offer {
        func held(_ milliseconds: Int) -> Int {
            guard milliseconds > 0 else { return 0 }
            return min(max(milliseconds, answerMilliseconds.lowerBound), answerMilliseconds.upperBound)
        }
        return Offer(
            canSendMilliseconds: held(client.wantsMilliseconds), wantsMilliseconds: held(client.canSendMilliseconds))
    }

    /// What holds between the two offers, seen from the side of `own`: MAX of both, none where one is 0.
    package init(own: Offer, other: Offer) {
        func agreed(_ can: Int, _ wants: Int) -> Int { can == 0 || wants == 0 ? 0 : max(can, wants) }
        self.init(
            sendMilliseconds: agreed(own.canSendMilliseconds, other.wantsMilliseconds),
            receiveMilliseconds: agreed(other.canSendMilliseconds, own.wantsMilliseconds))
    }
}

extension Int {
    fileprivate func multipliedClamping(by factor: Int) -> Int {
        let (product, overflowed) = multipliedReportingOverflow(by: factor)
        return overflowed ? Int.max : product
    }
}
