import FrontCore

/// The page at `/`.
enum WebClient {
    /// The answer to GET /.
    static let response = APIResponse(
        status: 200, body: Array("<!doctype html><title>Madang</title>".utf8), contentType: "text/html; charset=utf-8")
}
