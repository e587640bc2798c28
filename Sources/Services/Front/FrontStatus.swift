import Chat
import FrontCore
import JSON
import Linux
import Prometheus
import Reactor
import Synchronization

/// How the front is, gathered from its threads for /readyz and /metrics.
final class FrontStatus: Sendable {
    private let state = Mutex(State())

    private struct State: Sendable {
        var snapshots: [Int: Snapshot] = [:]
        var requests: UInt64 = 0
        var responses: [Int: UInt64] = [:]
        var kafkaTrouble: String?
        var hasReadSessions = false
    }

    /// One reactor's figures.
    struct Snapshot: Sendable {
        var counters: FrontCounters
        var stomp: StompCounters
        var pending: Int
        var rooms: Int
        /// Milliseconds since a backend last answered; nil: never.
        var backendSilenceMilliseconds: Int64?
    }

    func note(reactor: Int, _ snapshot: Snapshot) { state.withLock { $0.snapshots[reactor] = snapshot } }

    func countRequest() { state.withLock { $0.requests += 1 } }

    func countResponse(status: Int) { state.withLock { $0.responses[status, default: 0] += 1 } }

    /// Why Kafka cannot be used at present; nil where it can.
    func noteKafka(_ trouble: String?) { state.withLock { $0.kafkaTrouble = trouble } }

    /// All sessions that ended early are known.
    func noteSessionsRead() { state.withLock { $0.hasReadSessions = true } }

    /// Every reason not to send clients here.
    func reasons(draining: Bool) -> [String] {
        state.withLock { state in
            var why: [String] = []
            if draining { why.append("front: shutting down") }
            if let trouble = state.kafkaTrouble { why.append(trouble) }
            if !state.hasReadSessions { why.append("kafka: ended sessions are not read yet") }
            let silence = state.snapshots.values.map { $0.backendSilenceMilliseconds ?? .max }.max() ?? .max
            if silence == .max {
                why.append("backend: none has answered yet")
            } else if silence > 6000 {
                why.append("backend: none has answered for \(silence / 1000) s")
            }
            return why
        }
    }

    /// The answer to /readyz.
    func readiness(draining: Bool) -> APIResponse {
        let why = reasons(draining: draining)
        guard !why.isEmpty else { return APIResponse(status: 200, body: Array(#"{"status":"ready"}"#.utf8)) }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("status", "not_ready")
        writer.strings("why", why)
        writer.endObject()
        return APIResponse(status: 503, headers: [("Retry-After", "1")], body: writer.bytes)
    }
}

extension FrontStatus {
    /// The text of /metrics.
    func metrics(_ context: FrontContext) -> String {
        let state = state.withLock { $0 }
        var text = PrometheusText()
        text.counter("madang_http_requests_total", "HTTP requests.", state.requests)
        text.counter(
            "madang_http_responses_total", "HTTP answers by status.",
            state.responses.sorted { $0.key < $1.key }.map { ([("status", "\($0.key)")], Double($0.value)) })
        let reactors = context.status.reactorCounters(context)
        write(reactors, to: &text)
        write(Array(state.snapshots.values), to: &text)
        text.gauge("madang_ready", "1 while clients are served.", reasons(draining: false).isEmpty ? 1 : 0)
        text.gauge("process_resident_memory_bytes", "Resident memory.", Double(OwnProcess.residentBytes()))
        text.counter(
            "process_cpu_seconds_total", "CPU time.", [([], Double(OwnProcess.cpuMicroseconds()) / 1_000_000)])
        text.gauge("process_open_fds", "Open descriptors.", Double(OwnProcess.openDescriptors()))
        return text.text
    }

    private func reactorCounters(_ context: FrontContext) -> [ReactorCounters] {
        context.reactorMetrics.map(\.counters)
    }

    private func write(_ reactors: [ReactorCounters], to text: inout PrometheusText) {
        func sum(_ field: KeyPath<ReactorCounters, Int>) -> Int { reactors.reduce(0) { $0 + $1[keyPath: field] } }
        text.gauge("madang_connections", "Connections now.", Double(sum(\.open)))
        text.counter("madang_connections_accepted_total", "Connections taken.", sum(\.accepted))
        text.counter("madang_connections_refused_total", "Connections over the limit.", sum(\.refused))
        text.counter(
            "madang_connections_too_slow_total", "Connections closed because they did not read.", sum(\.tooSlow))
        text.counter("madang_received_bytes_total", "Bytes read from clients.", sum(\.bytesIn))
        text.counter("madang_sent_bytes_total", "Bytes written to clients.", sum(\.bytesOut))
        text.gauge("madang_queued_bytes", "Bytes that wait for slow clients.", Double(sum(\.queuedBytes)))
        text.counter("madang_reactor_turns_total", "Turns of the event loops.", sum(\.turns))
    }

    private func write(_ snapshots: [Snapshot], to text: inout PrometheusText) {
        func sum<Value: AdditiveArithmetic>(_ field: (Snapshot) -> Value) -> Value {
            snapshots.reduce(.zero) { $0 + field($1) }
        }
        text.counter("madang_messages_in_total", "SEND frames.", sum { $0.stomp.sends })
        text.counter("madang_messages_out_total", "MESSAGE frames of rooms.", sum { $0.counters.messagesOut })
        text.counter(
            "madang_events_total", "Events of rooms with subscribers here.", sum { $0.counters.eventsDelivered })
        text.counter("madang_gaps_filled_total", "Gaps in a room filled from history.", sum { $0.counters.gapsFilled })
        text.counter("madang_stomp_frames_in_total", "STOMP frames of clients.", sum { $0.stomp.framesIn })
        text.counter("madang_stomp_nacks_total", "NACK frames.", sum { $0.stomp.nacks })
        text.counter(
            "madang_stomp_violations_total", "Connections ended for breaking STOMP.", sum { $0.stomp.violations })
        var refused: [ChatError.Code: UInt64] = [:]
        for snapshot in snapshots { refused.merge(snapshot.stomp.refused, uniquingKeysWith: +) }
        text.counter(
            "madang_refused_total", "Refused frames by code.",
            refused.sorted { $0.key.rawValue < $1.key.rawValue }.map { ([("code", $0.key.rawValue)], Double($0.value)) }
        )
        text.gauge("madang_pending_requests", "Requests that wait for a backend.", Double(sum { $0.pending }))
        text.gauge("madang_rooms", "Rooms with subscribers or kept for those who come back.", Double(sum { $0.rooms }))
        var latency = Histogram()
        for snapshot in snapshots { latency.add(snapshot.counters.sendLatency) }
        text.histogram("madang_send_to_receipt_seconds", "From SEND to its answer.", latency)
    }
}
