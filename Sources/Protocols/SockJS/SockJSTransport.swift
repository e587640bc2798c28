/// A way in which a session speaks to its client.
package enum SockJSTransport: String, Sendable, CaseIterable {
    case webSocket = "websocket"
    case xhr
    case xhrStreaming = "xhr_streaming"
    case xhrSend = "xhr_send"
    case eventSource = "eventsource"

    /// The methods the transport's URL answers to, OPTIONS first where browsers ask before a request.
    package var methods: [String] {
        switch self {
        case .webSocket: ["GET"]
        case .xhr, .xhrStreaming, .xhrSend: ["OPTIONS", "POST"]
        case .eventSource: ["OPTIONS", "GET"]
        }
    }

    /// The content type of its answers.
    package var contentType: String {
        switch self {
        case .webSocket, .xhrSend: "text/plain; charset=UTF-8"
        case .xhr, .xhrStreaming: "application/javascript; charset=UTF-8"
        case .eventSource: "text/event-stream"
        }
    }

    /// Whether one answer carries many frames.
    package var isStreaming: Bool { self == .xhrStreaming || self == .eventSource }

    /// What a streaming answer begins with: 2 KiB make browsers show what comes (XhrStreaming), a new line is for a
    /// bug in Opera (EventSource).
    var prelude: [UInt8] {
        switch self {
        case .xhrStreaming: [UInt8](repeating: UInt8(ascii: "h"), count: 2048) + [10]
        case .eventSource: [13, 10]
        default: []
        }
    }

    /// A frame as this transport delimits it.
    func wrap(_ frame: [UInt8]) -> [UInt8] {
        switch self {
        case .eventSource: Array("data: ".utf8) + frame + [13, 10, 13, 10]
        case .webSocket: frame
        default: frame + [10]
        }
    }
}
