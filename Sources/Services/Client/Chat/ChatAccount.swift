internal import HTTP
internal import JSON
internal import Linux

/// Who chats: logs in over HTTP, and makes the account where that is wanted.
final class ChatAccount {
    let http: HTTPClient
    private(set) var userId: String
    private(set) var userName: String
    private let password: String

    /// Why nobody is logged in.
    enum Failure: Error {
        /// The server says no; one line for people.
        case refused(String)
        case connection(ClientError)
    }

    init(http: HTTPClient, userId: String, password: String) {
        self.http = http
        self.userId = userId
        self.password = password
        userName = userId
    }

    /// Logs in; the token goes to `http`.
    func logIn() throws(Failure) {
        http.token = nil
        let body = JSONValue.object([
            JSONMember("userId", .string(userId)), JSONMember("password", .string(password)),
        ])
        let answer = try answer { () throws(ClientError) in try http.json("POST", "/sessions", body) }
        guard let token = answer["token"]?.string else {
            throw .connection(.broken("the log-in's answer has no token"))
        }
        http.token = token
        userId = answer["userId"]?.string ?? userId
        userName = answer["userName"]?.string ?? userId
    }

    /// Makes the account.
    func signUp(userName: String) throws(Failure) {
        let body = JSONValue.object([
            JSONMember("userId", .string(userId)), JSONMember("userName", .string(userName)),
            JSONMember("password", .string(password)),
        ])
        _ = try answer { () throws(ClientError) in try http.json("POST", "/users", body) }
    }

    private func answer(_ request: () throws(ClientError) -> JSONValue) throws(Failure) -> JSONValue {
        do throws(ClientError) {
            return try request()
        } catch {
            guard case .status(let response) = error, response.status < 500 else { throw .connection(error) }
            let code = response.errorCode ?? "HTTP \(response.status)"
            throw .refused("\(code): \(response.errorMessage ?? "refused")")
        }
    }
}
