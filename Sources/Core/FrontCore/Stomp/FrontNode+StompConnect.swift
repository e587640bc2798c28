import Chat
import Stomp

// CONNECT: version, heart-beats, who is calling (CONTRACT section 3, "Who is calling").
extension FrontNode {
    private static let serverName = "madang"

    func connect(_ connection: StompConnection, _ frame: StompFrameView) {
        guard let version = StompVersion.negotiate(acceptVersion: frame.value("accept-version")) else {
            refuseVersion(connection)
            return
        }
        let offer: StompHeartbeat.Offer
        do throws(StompError) {
            offer = try StompHeartbeat.Offer(header: frame.value("heart-beat"))
        } catch {
            violate(connection, frame, "The heart-beat header is two numbers with a comma between them.")
            return
        }
        connection.version = version
        connection.phase = .authenticating
        identify(connection, frame) { [self] result in
            guard connection.phase == .authenticating else { return }
            switch result {
            case .success(let person): admit(person, on: connection, offer)
            case .failure(let refusal): fail(connection, refusal, receipt: nil, reason: .policy)
            }
        }
        if connection.phase == .authenticating { pause(connection) }
    }

    private func refuseVersion(_ connection: StompConnection) {
        stompCounters.violations += 1
        stompCounters.countRefusal(.badRequest)
        var writer = StompWriter(version: .v1_2)
        writer.unsupportedVersion(message: ChatError.Code.badRequest.rawValue)
        transmit(writer.take(), to: connection)
        close(connection, .protocolError)
    }

    /// The first way of logging in that matches decides.
    private func identify(
        _ connection: StompConnection, _ frame: StompFrameView, then completion: @escaping SessionCompletion
    ) {
        if let person = connection.person {
            completion(.success(person))
        } else if let token = bearerToken(frame) {
            authenticate(token: token, then: completion)
        } else if let login = frame.string("login"), let passcode = frame.string("passcode"), !login.isEmpty {
            identify(login: login, passcode: passcode, connection, then: completion)
        } else {
            completion(
                .failure(
                    ChatError(
                        .unauthenticated, "Log in: Authorization: Bearer TOKEN, or login and passcode in CONNECT.")))
        }
    }

    private func bearerToken(_ frame: StompFrameView) -> String? {
        guard let value = frame.string("Authorization") ?? frame.string("authorization"),
            value.utf8.count > 7, value.prefix(7).lowercased() == "bearer "
        else { return nil }
        return String(value.dropFirst(7))
    }

    /// The passcode is a token or a password. A token holds a dot; what is no token of ours may still be a password.
    private func identify(
        login: String, passcode: String, _ connection: StompConnection, then completion: @escaping SessionCompletion
    ) {
        let client = connection.work?.client ?? ""
        let withPassword: () -> Void = { [self] in
            logIn(userID: login, password: passcode, client: client) { result in
                completion(result.map { $0.person })
            }
        }
        guard passcode.utf8.contains(UInt8(ascii: ".")) else {
            withPassword()
            return
        }
        authenticate(token: passcode) { result in
            switch result {
            case .success(let person) where sameOctets(person.userID, Validation.nfc(login)):
                completion(.success(person))
            case .success:
                completion(.failure(ChatError(.unauthenticated, "The token is another person's.")))
            case .failure(let refusal) where refusal.code == .unauthenticated: withPassword()
            case .failure(let refusal): completion(.failure(refusal))
            }
        }
    }

    private func admit(_ person: Person, on connection: StompConnection, _ offer: StompHeartbeat.Offer) {
        let count = stomp.perUser[person.userID] ?? 0
        guard count < settings.connectionsPerUserMax else {
            fail(
                connection, ChatError(.overloaded, "At most \(settings.connectionsPerUserMax) connections a person."),
                receipt: nil, reason: .policy)
            return
        }
        stomp.perUser[person.userID] = count + 1
        connection.person = person
        connection.phase = .connected
        let answer = StompHeartbeat.answer(to: offer)
        agree(StompHeartbeat(own: answer, other: offer), on: connection)
        var writer = StompWriter(version: connection.version ?? .v1_0)
        writer.connected(
            session: newMessageID().description, server: Self.serverName, heartbeat: answer, userName: person.userID)
        transmit(writer.take(), to: connection)
        schedule(connection)
        resume(connection)
        releaseHeld(on: connection)
    }

    private func agree(_ heartbeat: StompHeartbeat, on connection: StompConnection) {
        let now = clock.monotonicMilliseconds
        connection.heardAt = now
        connection.pingedAt = now
        connection.sendAfterMilliseconds = Int32(clamping: heartbeat.sendAfterMilliseconds)
        connection.silenceMilliseconds = Int32(clamping: heartbeat.silenceMilliseconds)
        connection.isPinged = heartbeat.silenceMilliseconds == 0 && connection.transport == .webSocket
        if connection.isPinged {
            connection.silenceMilliseconds = Int32(clamping: settings.pingMilliseconds * 5 / 2)
        }
    }
}
