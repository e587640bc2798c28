/// A bounded dictionary that forgets what was not looked at for longest, by halves: entries are young or old, a look
/// makes them young, and when the young ones are half the bound the old ones go.
struct RecentEntries<Key: Hashable, Value> {
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]
    private let halfMax: Int

    /// An empty dictionary of at most `entriesMax`.
    init(entriesMax: Int) { halfMax = max(1, entriesMax / 2) }

    /// How many entries there are.
    var count: Int { young.count + old.count }

    /// The value of `key`, which is kept longer for that.
    mutating func look(_ key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        set(key, value)
        return value
    }

    /// Keeps `value` under `key`.
    mutating func set(_ key: Key, _ value: Value) {
        if young.count >= halfMax, young[key] == nil { age() }
        young[key] = value
        old[key] = nil
    }

    /// Forgets `key`.
    mutating func remove(_ key: Key) {
        young[key] = nil
        old[key] = nil
    }

    /// Makes all young entries old; the old ones are forgotten.
    mutating func age() {
        old = young
        young = [:]
    }
}
