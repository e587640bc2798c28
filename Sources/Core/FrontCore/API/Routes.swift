extension Route {
    /// All requests of CONTRACT section 2 that are there.
    static let all: [Route] = [
        Route("POST", "/users", .anyone(API.signUp)),
        Route("GET", "/users/{userId}", .person(API.profile)),
        Route("PUT", "/users/me", .person(API.rename)),
        Route("PUT", "/users/me/status", .person(API.setStatus)),

        Route("POST", "/sessions", .anyone(API.logIn)),
        Route("GET", "/sessions", .person(API.sessions)),
        Route("DELETE", "/sessions/{sessionId}", .person(API.endSession)),

        Route("POST", "/rooms", .person(API.createRoom)),
        Route("GET", "/rooms", .person(API.rooms)),

        Route("GET", "/chat/{roomId}", .person(API.history)),
        Route("POST", "/chat/{roomId}", .person(API.say)),
        Route("PUT", "/chat/{roomId}/read", .person(API.moveRead)),

        Route("GET", "/chat/{roomId}/participants", .person(API.participants)),
        Route("POST", "/chat/{roomId}/participants", .person(API.addParticipants)),
        Route("PUT", "/chat/{roomId}/participants/{userId}", .person(API.changeParticipant)),
        Route("DELETE", "/chat/{roomId}/participants/{userId}", .person(API.removeParticipant)),
    ]
}
