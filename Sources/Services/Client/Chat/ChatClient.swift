import Glibc
internal import HTTP
internal import Linux

/// `madang chat`: a chat in a terminal, or between pipes.
package enum ChatClient {
    /// Runs until the person leaves, the input ends or a signal comes; returns the exit status: 0 done, 1 failed,
    /// 2 wrong usage. To be called in the main thread before any other thread is there.
    package static func run(_ configuration: ChatConfiguration) -> Int32 {
        let url: ClientURL
        do throws(ClientError) {
            url = try ClientURL(configuration.url)
        } catch {
            return fail("--url \(error)", status: 2)
        }
        guard url.scheme == .web else {
            return fail("--url \(configuration.url): expected http://HOST:PORT or ws://HOST:PORT/PATH", status: 2)
        }
        do {
            let signals = try SignalDescriptor([.interrupt, .terminate])
            defer { signals.close() }
            Signal.brokenPipe.ignore()
            return try run(url, configuration, signals)
        } catch is Terminal.Interrupted {
            return 0
        } catch {
            return fail("\(error)", status: 1)
        }
    }

    private static func run(
        _ url: ClientURL, _ configuration: ChatConfiguration, _ signals: SignalDescriptor
    ) throws(Terminal.Interrupted) -> Int32 {
        let isInteractive = Terminal.isInteractive
        let askedUser = isInteractive && configuration.user == nil ? try Terminal.ask("user: ", signals) : nil
        guard let user = configuration.user ?? askedUser, !user.isEmpty else {
            return fail("--user is missing: expected the userId to log in with", status: 2)
        }
        let isAsked = isInteractive && configuration.password == nil
        let asked = isAsked ? try Terminal.askSecretly("password of \(user.withoutControls): ", signals) : nil
        guard let password = configuration.password ?? asked, !password.isEmpty else {
            return fail("no password: set MADANG_PASSWORD, or run on a terminal to be asked", status: 2)
        }
        let account = ChatAccount(http: HTTPClient(url), userId: user, password: password)
        if let problem = try logIn(account, configuration, signals) { return fail(problem, status: 1) }
        var loop = ChatLoop(url: url, account: account, configuration: configuration, signals: signals)
        return loop.run()
    }

    /// Nil when somebody is logged in, else why not.
    private static func logIn(
        _ account: ChatAccount, _ configuration: ChatConfiguration, _ signals: SignalDescriptor
    ) throws(Terminal.Interrupted) -> String? {
        do throws(ChatAccount.Failure) {
            try account.logIn()
            return nil
        } catch {
            guard case .refused(let why) = error, why.hasPrefix("unauthenticated") else { return text(error) }
            return try signUp(account, configuration, why, signals)
        }
    }

    /// The server does not tell an unknown person from a wrong password, so making the account has to be wanted.
    private static func signUp(
        _ account: ChatAccount, _ configuration: ChatConfiguration, _ why: String, _ signals: SignalDescriptor
    ) throws(Terminal.Interrupted) -> String? {
        var name = account.userId
        if !configuration.signsUp {
            guard Terminal.isInteractive else {
                return "cannot log in as \(account.userId): the password is wrong, or there is no such user "
                    + "(--sign-up makes an account)"
            }
            let question = "Log-in failed. Make a new account \(account.userId.withoutControls)? [y/N] "
            let answer = try Terminal.ask(question, signals) ?? ""
            guard ["y", "yes"].contains(answer.lowercased()) else { return why }
            let given = try Terminal.ask("name to show [\(name.withoutControls)]: ", signals) ?? ""
            if !given.isEmpty { name = given }
        }
        do throws(ChatAccount.Failure) {
            try account.signUp(userName: name)
            try account.logIn()
            return nil
        } catch {
            if case .refused(let why) = error, why.hasPrefix("already_exists") {
                return "the user \(account.userId) exists, and the password is wrong"
            }
            return text(error)
        }
    }

    private static func text(_ failure: ChatAccount.Failure) -> String {
        switch failure {
        case .refused(let why): why
        case .connection(.status(let response)):
            "the server cannot log anybody in now: \(response.errorMessage ?? "HTTP \(response.status)")"
        case .connection(let error): "\(error)"
        }
    }

    private static func fail(_ problem: String, status: Int32) -> Int32 {
        Output.write("madang chat: \(problem.withoutControls)\n", to: STDERR_FILENO)
        return status
    }
}
