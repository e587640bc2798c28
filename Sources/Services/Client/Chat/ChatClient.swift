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
        guard let user = configuration.user ?? ask("user: "), !user.isEmpty else {
            return fail("--user is missing: expected the userId to log in with", status: 2)
        }
        guard let password = configuration.password ?? askSecretly("password of \(user): "), !password.isEmpty else {
            return fail("no password: set MADANG_PASSWORD, or run on a terminal to be asked", status: 2)
        }
        let account = ChatAccount(http: HTTPClient(url), userId: user, password: password)
        if let problem = logIn(account, configuration) { return fail(problem, status: 1) }
        do {
            let signals = try SignalDescriptor([.interrupt, .terminate])
            defer { signals.close() }
            Signal.brokenPipe.ignore()
            var loop = ChatLoop(url: url, account: account, configuration: configuration, signals: signals)
            return loop.run()
        } catch {
            return fail("\(error)", status: 1)
        }
    }

    /// Nil when somebody is logged in, else why not.
    private static func logIn(_ account: ChatAccount, _ configuration: ChatConfiguration) -> String? {
        do throws(ChatAccount.Failure) {
            try account.logIn()
            return nil
        } catch {
            guard case .refused(let why) = error, why.hasPrefix("unauthenticated") else { return text(error) }
            return signUp(account, configuration, why)
        }
    }

    /// The server does not tell an unknown person from a wrong password, so making the account has to be wanted.
    private static func signUp(_ account: ChatAccount, _ configuration: ChatConfiguration, _ why: String) -> String? {
        var name = account.userId
        if !configuration.signsUp {
            guard Terminal.isInteractive else {
                return "cannot log in as \(account.userId): the password is wrong, or there is no such user "
                    + "(an account is made on a terminal, or with POST /users)"
            }
            let question = "Log-in failed. Make a new account \(account.userId.withoutControls)? [y/N] "
            guard let answer = ask(question), ["y", "yes"].contains(answer.lowercased()) else { return why }
            if let given = ask("name to show [\(name.withoutControls)]: "), !given.isEmpty { name = given }
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

    private static func ask(_ question: String) -> String? {
        Terminal.isInteractive ? Terminal.ask(question) : nil
    }

    private static func askSecretly(_ question: String) -> String? {
        Terminal.isInteractive ? Terminal.askSecretly(question) : nil
    }

    private static func fail(_ problem: String, status: Int32) -> Int32 {
        Output.write("madang chat: \(problem.withoutControls)\n", to: STDERR_FILENO)
        return status
    }
}
