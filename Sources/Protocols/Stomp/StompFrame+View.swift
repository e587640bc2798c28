extension StompFrame {
    /// Calls `use` with a view of this frame, valid during the call: for frames that had to be kept for a while and
    /// then go the way of those that are parsed in place.
    package func withView<Result>(_ use: (StompFrameView) -> Result) -> Result {
        storage.withUnsafeBytes { octets in
            func part(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: octets[start..<end])
            }
            let headers = spans.map { span in
                StompHeader(
                    name: part(Int(span.nameStart), Int(span.valueStart)),
                    value: part(Int(span.valueStart), Int(span.valueEnd)))
            }
            return headers.withUnsafeBufferPointer { headers in
                use(
                    StompFrameView(
                        command: command, commandName: part(0, commandEnd), body: part(bodyStart, storage.count),
                        headers: headers))
            }
        }
    }
}
