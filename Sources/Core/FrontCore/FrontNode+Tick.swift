extension FrontNode {
    /// What time alone brings about; called several times a second, and at the first chance after a deadline.
    package func tick() {
        expireRequests()
        expireDerivations()
        retryCatchUps()
        retryDeliveries()
        forgetIdleRooms()
        tickConnections()
    }
}
