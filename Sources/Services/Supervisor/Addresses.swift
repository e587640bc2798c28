import Linux

/// The addresses of all children, each with a port of its own.
struct Addresses: Equatable, Sendable {
    /// A host and a port.
    struct Address: Equatable, Sendable, CustomStringConvertible {
        let host: String
        let port: UInt16
        var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Why there are none.
    struct Refusal: Error, Equatable {
        let message: String
        /// Whether it is the user's spelling (status 2) rather than the machine's state (status 1).
        let isUsage: Bool
    }

    let http: [Address]
    let stomp: [Address]
    let backendHTTP: [Address]

    /// Works them out, and makes sure that nobody has them: fronts share their ports between reactors (SO_REUSEPORT),
    /// so that a second `up` would not be refused but take every other client.
    init(_ configuration: Supervisor.Configuration) throws(Refusal) {
        // Held until all are found, so that no free port is found twice.
        var held: [Int32] = []
        defer { for descriptor in held { Descriptor.close(descriptor) } }
        http = try Addresses.series("--http", configuration.http, configuration.fronts, &held)
        stomp = try Addresses.series("--stomp", configuration.stomp, configuration.fronts, &held)
        backendHTTP = try Addresses.series("--backend-http", configuration.backendHTTP, configuration.backends, &held)
    }

    private static func series(_ flag: String, _ text: String, _ count: Int, _ held: inout [Int32]) throws(Refusal)
        -> [Address]
    {
        guard let (host, first) = SocketAddress.split(text) else {
            throw Refusal(message: "\(flag) \(text): not HOST:PORT", isUsage: true)
        }
        guard first == 0 || Int(first) + count - 1 <= 65535 else {
            throw Refusal(message: "\(flag) \(text): no room for \(count) ports up to 65535", isUsage: true)
        }
        var addresses: [Address] = []
        for number in 0..<count {
            let port = first == 0 ? 0 : first + UInt16(number)
            do throws(SystemError) {
                guard let address = try SocketAddress.resolve(host: host, port: port).first else {
                    throw SystemError(call: "getaddrinfo", code: 2)
                }
                let descriptor = try Socket.listen(address, reusePort: false)
                held.append(descriptor)
                addresses.append(Address(host: host, port: try Socket.localAddress(descriptor).port))
            } catch {
                let why = error.isAddressInUse ? "address in use" : error.description
                throw Refusal(message: "\(flag) \(host):\(port): \(why)", isUsage: false)
            }
        }
        return addresses
    }
}
