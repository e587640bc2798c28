import Chat

/// A part of a room's history, joined of as many answers as it took: an answer is cut at so many octets.
struct HistoryPages {
    /// What is still to be asked for.
    private(set) var question: HistoryQuestion
    private(set) var epoch: Int64 = 0
    private(set) var lastSeq: Seq = 0
    private(set) var lastReadSeq: Seq = 0
    private var pages: [[PastEvent]] = []
    private var isFirst = true
    private var bytes = 0
    private let bytesMax: Int

    /// Nothing yet; `bytesMax` octets of events are enough.
    init(_ question: HistoryQuestion, bytesMax: Int) {
        self.question = question
        self.bytesMax = bytesMax
    }

    /// Oldest first where the question says where to begin, else newest first.
    private var isAscending: Bool { question.since != nil }

    /// The events, ascending.
    var events: FlattenSequence<[[PastEvent]]> { (isAscending ? pages : pages.reversed()).joined() }

    /// Adds an answer; true where another must be asked for. Throws `unavailable` where the database changed its epoch
    /// meanwhile: two pasts are never mixed.
    mutating func add(_ answer: HistoryAnswer) throws(ChatError) -> Bool {
        guard isFirst || answer.epoch == epoch else { throw .noAnswer }
        // Going back in time, the first answer says where the page ends; going forward, the last.
        if isFirst || isAscending {
            lastSeq = answer.lastSeq
            lastReadSeq = answer.lastReadSeq
        }
        epoch = answer.epoch
        isFirst = false
        let events = Array(isAscending ? answer.events.prefix(question.limit) : answer.events.suffix(question.limit))
        guard let oldest = events.first, let newest = events.last else { return false }
        pages.append(events)
        bytes += events.reduce(0) { $0 + $1.json.count }
        question.limit -= events.count
        if isAscending { question.since = newest.seq } else { question.before = oldest.seq }
        return answer.more && question.limit > 0 && bytes < bytesMax
    }
}

extension API {
    /// Asks for a part of a room's history until it is whole.
    func pages(
        _ call: APICall, _ person: Person, _ question: HistoryQuestion,
        then completion: @escaping (Result<HistoryPages, ChatError>) -> Void
    ) {
        next(call, person, HistoryPages(question, bytesMax: node.settings.historyBytesMax), completion)
    }

    /// Asks for the rest of a part of a room's history whose `first` answer is there.
    func pages(
        _ call: APICall, _ person: Person, _ question: HistoryQuestion, first: HistoryAnswer,
        then completion: @escaping (Result<HistoryPages, ChatError>) -> Void
    ) {
        let pages = HistoryPages(question, bytesMax: node.settings.historyBytesMax)
        add(first, call, person, pages, completion)
    }

    private func next(
        _ call: APICall, _ person: Person, _ pages: HistoryPages,
        _ completion: @escaping (Result<HistoryPages, ChatError>) -> Void
    ) {
        inquire(call, person, .question(.history(pages.question))) { result in
            do throws(ChatError) {
                add(try HistoryAnswer(try result.get()), call, person, pages, completion)
            } catch {
                completion(.failure(error))
            }
        }
    }

    private func add(
        _ answer: HistoryAnswer, _ call: APICall, _ person: Person, _ pages: HistoryPages,
        _ completion: @escaping (Result<HistoryPages, ChatError>) -> Void
    ) {
        var pages = pages
        do throws(ChatError) {
            guard try pages.add(answer) else { return completion(.success(pages)) }
            next(call, person, pages, completion)
        } catch {
            completion(.failure(error))
        }
    }
}
