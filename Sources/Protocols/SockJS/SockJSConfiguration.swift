/// How a SockJS service behaves.
package struct SockJSConfiguration: Sendable {
    /// Whether the service offers WebSocket.
    package var offersWebSocket: Bool
    /// Whether a load balancer needs the JSESSIONID cookie.
    package var needsCookie: Bool
    /// The script that the iframe page loads.
    package var scriptURL: String
    /// A heart-beat goes out after this long without another frame.
    package var heartbeatMilliseconds: Int
    /// A session without a receiver ends after this long.
    package var disconnectMilliseconds: Int
    /// A streaming answer ends when it carried this much.
    package var streamBytesMax: Int

    /// The protocol's defaults: 25 s, 5 s, 128 KiB.
    package init(
        offersWebSocket: Bool = true, needsCookie: Bool = false,
        scriptURL: String = "https://cdn.jsdelivr.net/npm/sockjs-client@1/dist/sockjs.min.js",
        heartbeatMilliseconds: Int = 25_000, disconnectMilliseconds: Int = 5_000, streamBytesMax: Int = 128 * 1024
    ) {
        self.offersWebSocket = offersWebSocket
        self.needsCookie = needsCookie
        self.scriptURL = scriptURL
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.disconnectMilliseconds = disconnectMilliseconds
        self.streamBytesMax = streamBytesMax
    }
}
