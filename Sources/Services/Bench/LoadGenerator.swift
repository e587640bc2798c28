import Linux
import Reactor
import WebSocket

/// Plays the clients of one scenario on one thread: a reactor tells it what comes, it answers with what goes.
final class LoadGenerator: ReactorHandler {
    /// Nobody posts anything.
    typealias Message = Int

    enum Phase { case opening, warming, counting, draining, done }

    struct Listener {
        let room: Int
        /// The last seq that came; nil until the subscription's RECEIPT said where it begins.
        var last: Int64?
    }

    struct Speaker {
        let id: ConnectionID
        let rooms: [Int]
        var turn = 0
        /// When the message in each slot was sent; 0: the slot is free.
        var sentNanoseconds: [UInt64]
        var roomOfSlot: [Int]
        /// The seq last confirmed to this speaker, by its rooms.
        var lastConfirmed: [Int: Int64] = [:]
    }

    let plan: LoadPlan
    let mailbox: Mailbox<Int>
    var figures: Figures
    /// The first thing that went wrong, for the person at the terminal.
    private(set) var trouble: String?
    private(set) var phase = Phase.opening
    private let dataFolder: String?
    var listeners: [Listener] = []
    var speakers: [Speaker] = []
    /// The largest seq that was confirmed, by room.
    private var confirmed: [Int64]
    private var waitingFor = 0
    private var phaseStart: UInt64 = 0
    private var paced = 0
    private var nextSpeaker = 0
    private var times = ProcessTimes(dataFolder: nil)
    private var ownNanoseconds: UInt64 = 0
    private var writer: SendWriter

    /// A drain may take as long as a backend's takeover.
    private static let drainNanoseconds: UInt64 = 20_000_000_000
    /// Marks the contexts of speakers; the rest is an index.
    static let speakerBit: UInt64 = 1 << 32

    init(_ plan: LoadPlan, roomIDs: [Int64], mailbox: Mailbox<Int>, dataFolder: String?) {
        self.plan = plan
        self.mailbox = mailbox
        self.dataFolder = dataFolder
        figures = Figures(plan)
        confirmed = Array(repeating: -1, count: plan.rooms)
        writer = SendWriter(roomIDs: roomIDs, messageBytes: plan.messageBytes)
    }

    /// Takes connections over that are waiting for the RECEIPT of their SUBSCRIBE.
    func take(listeners: [Listener], speakers: [Speaker]) {
        self.listeners = listeners
        self.speakers = speakers
        waitingFor = listeners.count + speakers.count
        phaseStart = SystemClock.monotonicNanoseconds()
    }

    func opened(_ id: ConnectionID, listener: Int, _ connections: Connections) {}

    func received(_ id: ConnectionID, _ bytes: UnsafeMutableRawBufferPointer, _ connections: Connections) -> Int {
        let context = connections.context(of: id)
        let index = Int(context & (Self.speakerBit - 1))
        let now = SystemClock.monotonicNanoseconds()
        let isSpeaker = context & Self.speakerBit != 0
        return FrameScanner.scan(UnsafeRawBufferPointer(bytes)) { frame in
            switch frame {
            case .message(let seq, _, let content):
                if isSpeaker { refused(index, content, now, connections) } else { heard(index, seq, content, now) }
            case .receipt(let slot, let seq):
                if isSpeaker { confirmed(index, slot, seq, now, connections) } else { subscribed(index, seq) }
            case .connected: break
            case .error(let content): complain("ERROR: " + String(decoding: content, as: UTF8.self))
            case .close(let code): complain("closed with \(code)")
            case .ping(let payload): connections.send(id, writer.pong(payload))
            }
        }
    }

    func closed(_ id: ConnectionID, _ reason: CloseReason, _ connections: Connections) {
        guard phase != .done else { return }
        figures.disconnections += 1
        complain("a connection ended: \(reason)")
        if phase == .opening { finish() }
    }

    func ticked(_ connections: Connections) {
        let now = SystemClock.monotonicNanoseconds()
        let elapsed = now &- phaseStart
        switch phase {
        case .opening:
            if waitingFor == 0 {
                enter(.warming, now)
                begin(now, connections)
            } else if elapsed > 60_000_000_000 {
                complain("\(waitingFor) connections were not answered within 60 s")
                finish()
            }
        case .warming: if elapsed >= plan.warmUpNanoseconds { startCounting(now) }
        case .counting: if elapsed >= plan.countNanoseconds { stopCounting(now, elapsed) }
        case .draining: if isQuiet || elapsed > Self.drainNanoseconds { finish() }
        case .done: break
        }
        if let rate = plan.rate, phase == .warming || phase == .counting { pace(rate, now, connections) }
    }

    // MARK: What comes

    private func subscribed(_ index: Int, _ seq: Int64) {
        guard listeners[index].last == nil else { return }
        listeners[index].last = seq
        waitingFor -= 1
    }

    private func heard(_ index: Int, _ seq: Int64, _ content: UnsafeRawBufferPointer, _ now: UInt64) {
        guard let last = listeners[index].last, seq >= 0 else { return }
        if seq <= last {
            figures.repeats += 1
            return
        }
        figures.losses += Int(seq - last - 1)
        listeners[index].last = seq
        guard phase == .counting, let sent = BenchText.sentNanoseconds(FrameScanner.text(in: content)) else { return }
        figures.deliveries += 1
        figures.delivered.add(nanoseconds: now &- min(sent, now))
    }

    private func confirmed(_ index: Int, _ slot: Int, _ seq: Int64, _ now: UInt64, _ connections: Connections) {
        guard slot != plan.outstanding else {
            waitingFor -= 1
            return
        }
        guard speakers[index].sentNanoseconds.indices.contains(slot), speakers[index].sentNanoseconds[slot] != 0 else {
            figures.repeats += 1
            return
        }
        let sent = speakers[index].sentNanoseconds[slot]
        let room = speakers[index].roomOfSlot[slot]
        speakers[index].sentNanoseconds[slot] = 0
        if seq <= speakers[index].lastConfirmed[room] ?? -1 { figures.disorders += 1 }
        speakers[index].lastConfirmed[room] = seq
        confirmed[room] = max(confirmed[room], seq)
        if phase == .counting {
            figures.messages += 1
            figures.receipts.add(nanoseconds: now &- sent)
        }
        if plan.rate == nil { speak(index, slot, now, connections) }
    }

    private func refused(
        _ index: Int, _ content: UnsafeRawBufferPointer, _ now: UInt64, _ connections: Connections
    ) {
        complain("refused: " + String(decoding: content, as: UTF8.self))
        figures.refusals += 1
        guard let slot = SendWriter.slot(ofRefusal: content), speakers[index].sentNanoseconds.indices.contains(slot)
        else { return }
        speakers[index].sentNanoseconds[slot] = 0
        if plan.rate == nil { speak(index, slot, now, connections) }
    }

    // MARK: What goes

    private func begin(_ now: UInt64, _ connections: Connections) {
        guard plan.rate == nil else { return }
        for index in speakers.indices {
            for slot in 0..<plan.outstanding { speak(index, slot, now, connections) }
        }
    }

    private func speak(_ index: Int, _ slot: Int, _ now: UInt64, _ connections: Connections) {
        guard phase == .warming || phase == .counting else { return }
        let rooms = speakers[index].rooms
        let room = rooms[speakers[index].turn % rooms.count]
        speakers[index].turn += 1
        speakers[index].sentNanoseconds[slot] = now
        speakers[index].roomOfSlot[slot] = room
        connections.send(speakers[index].id, writer.frame(room: room, slot: slot, nanoseconds: now))
    }

    /// Sends what is due by now, each message by the next speaker that waits for no RECEIPT.
    private func pace(_ rate: Int, _ now: UInt64, _ connections: Connections) {
        let due = Int(Double(now &- phaseStart) * Double(rate) / 1e9)
        for _ in 0..<speakers.count where paced < due {
            let index = nextSpeaker
            nextSpeaker = (nextSpeaker + 1) % speakers.count
            guard speakers[index].sentNanoseconds[0] == 0 else { continue }
            speak(index, 0, SystemClock.monotonicNanoseconds(), connections)
            paced += 1
        }
    }

    // MARK: Phases

    private func enter(_ next: Phase, _ now: UInt64) {
        phase = next
        phaseStart = now
        paced = 0
    }

    private func startCounting(_ now: UInt64) {
        times = ProcessTimes(dataFolder: dataFolder)
        ownNanoseconds = SystemClock.threadCPUNanoseconds()
        enter(.counting, now)
    }

    private func stopCounting(_ now: UInt64, _ elapsed: UInt64) {
        figures.seconds = Double(elapsed) / 1e9
        figures.processorSeconds = ProcessTimes(dataFolder: dataFolder).since(times)
        let own = Double(SystemClock.threadCPUNanoseconds() - ownNanoseconds) / 1e9
        figures.processorSeconds.append(("bench", own))
        enter(.draining, now)
    }

    /// Everything is confirmed, and has been heard by all.
    private var isQuiet: Bool {
        speakers.allSatisfy { $0.sentNanoseconds.allSatisfy { $0 == 0 } }
            && listeners.allSatisfy { ($0.last ?? 0) >= confirmed[$0.room] }
    }

    private func finish() {
        phase = .done
        for listener in listeners { figures.losses += max(0, Int(confirmed[listener.room] - (listener.last ?? 0))) }
        for speaker in speakers { figures.refusals += speaker.sentNanoseconds.filter { $0 != 0 }.count }
        mailbox.stop()
    }

    private func complain(_ text: String) {
        if trouble == nil, phase != .done { trouble = text }
    }
}
