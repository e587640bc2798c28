package import Chat
import JSON

extension APIResponse {
    /// A refusal in CONTRACT's form, with the headers that its status asks for. `status`: another than the code's own
    /// (414 and 431 are `too_large` too).
    package static func refusal(_ refusal: ChatError, requestID: String, status: Int? = nil) -> APIResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.member("code", refusal.code.rawValue)
        writer.member("message", refusal.message)
        writer.member("requestId", requestID)
        writer.endObject()
        writer.endObject()
        var response = APIResponse(status: status ?? refusal.code.status, body: writer.bytes)
        if let seconds = refusal.retryAfter { response.headers.append(("Retry-After", String(seconds))) }
        // RFC 9110 §15.5.2: a 401 says how to authenticate.
        if response.status == 401 { response.headers.append(("WWW-Authenticate", "Bearer")) }
        return response
    }

    /// An answer whose body `write` fills as an object.
    static func object(
        status: Int = 200, headers: [(name: String, value: String)] = [], _ write: (inout JSONWriter) -> Void
    ) -> APIResponse {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return APIResponse(status: status, headers: headers, body: writer.bytes)
    }

    /// An answer whose body is `value`.
    static func json(_ value: JSONValue, status: Int = 200) -> APIResponse {
        APIResponse(status: status, body: value.bytes)
    }

    /// 204.
    static let noContent = APIResponse(status: 204)
}

extension ChatError {
    /// Seconds for Retry-After: what the refusal says, else one where its status asks for the header.
    package var retryAfter: Int? {
        switch code {
        case .rateLimited, .overloaded, .unavailable: max(1, retryAfterSeconds ?? 1)
        default: nil
        }
    }
}
