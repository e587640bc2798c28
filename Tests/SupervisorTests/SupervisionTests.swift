import Testing

@testable import Supervisor

private let broker = Child(.broker)
private let postgres = Child(.postgres)
private let topics = Child(.topics)
private let migrate = Child(.migrate)
private let backend = Child(.backend, 1)
private let front = Child(.front, 1)
private let secondFront = Child(.front, 2)

@Suite struct SupervisionTests {
    /// One step of a table: what happens, and what is to be done.
    enum Step {
        case begin([Supervision.Action])
        case ready(Child, at: Int, [Supervision.Action])
        case ended(Child, ok: Bool = false, at: Int, [Supervision.Action])
        case tick(at: Int, [Supervision.Action])
        case stop(at: Int, [Supervision.Action])
    }

    func run(_ children: [Child], _ steps: [Step]) -> Supervision {
        var supervision = Supervision(children)
        for (number, step) in steps.enumerated() {
            let (got, wanted) = take(step, &supervision)
            #expect(got == wanted, "step \(number): \(step)")
        }
        return supervision
    }

    private func take(_ step: Step, _ supervision: inout Supervision) -> ([Supervision.Action], [Supervision.Action]) {
        switch step {
        case .begin(let wanted): (supervision.begin(now: 0), wanted)
        case .ready(let child, let now, let wanted): (supervision.becameReady(child, now: now), wanted)
        case .ended(let child, let ok, let now, let wanted):
            (supervision.ended(child, succeeded: ok, now: now), wanted)
        case .tick(let now, let wanted): (supervision.tick(now: now), wanted)
        case .stop(let now, let wanted): (supervision.stop(status: 0, now: now), wanted)
        }
    }

    let everyone = [broker, postgres, migrate, backend, front]
    let untilReady: [Step] = [
        .begin([.start(broker), .start(postgres)]),
        .ready(broker, at: 10, []),
        .ready(postgres, at: 20, [.start(migrate)]),
        .ended(migrate, ok: true, at: 30, [.start(backend), .start(front)]),
        .ready(front, at: 40, []),
        .ready(backend, at: 50, [.tellReady]),
    ]

    @Test func startsInOrderAndIsReadyOnce() {
        let supervision = run(everyone, untilReady)
        #expect(supervision.unready.isEmpty && supervision.nextTick == nil)
    }

    @Test func withServersElsewhereTopicsAndSchemaComeFirst() {
        _ = run(
            [topics, migrate, backend, front],
            [
                .begin([.start(topics), .start(migrate)]),
                .ended(migrate, ok: true, at: 10, []),
                .ended(topics, at: 10, [.tellRestart(topics, milliseconds: 200)]),
                .tick(at: 209, []),
                .tick(at: 210, [.start(topics)]),
                .ended(topics, ok: true, at: 300, [.start(backend), .start(front)]),
            ])
    }

    @Test func whoDiesIsStartedAgainLaterEachTime() {
        var steps = untilReady
        var now = 100
        for wait in [200, 400, 800, 1600, 3200, 5000, 5000] {
            steps.append(.ended(front, at: now, [.tellRestart(front, milliseconds: wait)]))
            steps.append(.tick(at: now + wait - 1, []))
            now += wait
            steps.append(.tick(at: now, [.start(front)]))
            steps.append(.ready(front, at: now + 1, []))
            now += 100
        }
        // Who has run for long begins anew.
        steps.append(.ended(front, at: now + 20_000, [.tellRestart(front, milliseconds: 200)]))
        _ = run(everyone, steps)
    }

    @Test func postgresComesBackAlone() {
        _ = run(
            everyone,
            untilReady + [
                .ended(postgres, at: 100, [.tellRestart(postgres, milliseconds: 200)]),
                .ended(backend, at: 150, [.tellRestart(backend, milliseconds: 200)]),
                .tick(at: 300, [.start(postgres)]),
                .tick(at: 350, [.start(backend)]),
                .ready(postgres, at: 400, []),
                .ready(backend, at: 400, []),
            ])
    }

    @Test func theEmbeddedBrokerComesBackWithThoseWhoReadIt() {
        _ = run(
            [broker, postgres, migrate, backend, front, secondFront],
            untilReady.dropLast(3) + [
                .ended(migrate, ok: true, at: 30, [.start(backend), .start(front), .start(secondFront)]),
                .ready(front, at: 40, []),
                .ended(secondFront, at: 90, [.tellRestart(secondFront, milliseconds: 200)]),
                .ended(
                    broker, at: 100,
                    [.tellRestart(broker, milliseconds: 200), .terminate(backend), .terminate(front)]),
                .ended(front, ok: true, at: 110, []),
                .tick(at: 300, [.start(broker)]),
                // One of the old ones hangs; nobody reads the new log before it is gone.
                .ready(broker, at: 310, []),
                .tick(at: 3100, [.kill(backend)]),
                .tick(at: 3200, []),
                .ended(backend, at: 3210, [.start(backend), .start(front), .start(secondFront)]),
            ])
    }

    @Test func endsFrontsFirstAndStoresLast() {
        _ = run(
            everyone,
            untilReady + [
                .stop(at: 100, [.terminate(front)]),
                .stop(at: 110, []),
                .ended(front, ok: true, at: 200, [.terminate(backend)]),
                .ended(backend, ok: true, at: 300, [.terminate(broker), .terminate(postgres)]),
                .ended(broker, ok: true, at: 310, []),
                .ended(postgres, ok: true, at: 400, [.finish(status: 0)]),
            ])
    }

    @Test func whoDoesNotEndIsKilledInTime() {
        let supervision = run(
            everyone,
            untilReady + [
                .stop(at: 0, [.terminate(front)]),
                .tick(at: 4499, []),
                .tick(at: 4500, [.kill(front)]),
                .ended(front, at: 4500, [.terminate(backend)]),
                .tick(at: 8000, [.kill(backend)]),
                .ended(backend, at: 8000, [.terminate(broker), .terminate(postgres)]),
                .tick(at: 11500, [.kill(broker), .kill(postgres)]),
                .ended(broker, at: 11500, []),
                .tick(at: 12500, [.kill(postgres)]),
                .ended(postgres, at: 12510, [.finish(status: 0)]),
            ])
        #expect(supervision.isStopping)
    }

    @Test func canBeEndedAtAnyTime() {
        for count in 0...untilReady.count {
            var supervision = run(everyone, Array(untilReady.prefix(count)))
            var actions = supervision.stop(status: 2, now: 1000)
            var now = 1000
            while !actions.contains(.finish(status: 2)) {
                now += 1
                #expect(now < 2000)
                guard case .terminate(let child)? = actions.first else { break }
                actions = Array(actions.dropFirst()) + supervision.ended(child, succeeded: true, now: now)
            }
            #expect(actions == [.finish(status: 2)])
        }
    }
}
