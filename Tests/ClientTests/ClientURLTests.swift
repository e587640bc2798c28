import Client
import Testing

@Suite struct ClientURLTests {
    @Test(arguments: [
        ("http://127.0.0.1:8081", "ws://127.0.0.1:8081/stomp/chat"), ("ws://a:1/ws?x=1", "ws://a:1/ws?x=1"),
        ("http://a", "ws://a:80/stomp/chat"), ("HTTP://a/", "ws://a:80/stomp/chat"),
        ("http://[::1]:8081/ws", "ws://[::1]:8081/ws"), ("http://[::1]", "ws://[::1]:80/stomp/chat"),
        ("tcp://a:61613", "tcp://a:61613"), ("stomp://a:61613", "tcp://a:61613"),
    ])
    func read(text: String, full: String) throws {
        #expect(try ClientURL(text).description == full)
    }

    @Test(arguments: [
        "", "a", "a:1", "ftp://a", "http://", "http://a:", "http://a:x", "http://a:99999", "tcp://a", "http://u@a:1",
        "http://a:1/#x", "http://a:1/ b", "http://a:1/\r\nX: y", "http://::1",
    ])
    func refused(text: String) {
        #expect(throws: ClientError.self) { try ClientURL(text) }
    }
}
