import Graphs

/// Plans for the sizes of pictures that came last. A plan takes memory with its pictures' area, so
/// that only few are kept, and of large pictures one.
struct PlanCache {
  private var entries: [(image: ImageShape, plan: Plan)] = []

  private static let capacity = 4
  /// In pixels, of all plans together.
  private static let area = 1 << 20

  /// The plan for a size, made where there is none.
  mutating func plan(_ image: ImageShape, make: () throws -> Plan) rethrows -> Plan {
    if let index = entries.firstIndex(where: { $0.image == image }) {
      let entry = entries.remove(at: index)
      entries.append(entry)
      return entry.plan
    }
    while !entries.isEmpty
      && (entries.count >= Self.capacity
        || entries.reduce(image.area, { $0 + $1.image.area }) > Self.area)
    {
      entries.removeFirst()
    }
    let plan = try make()
    entries.append((image, plan))
    return plan
  }
}

extension ImageShape {
  /// In pixels.
  fileprivate var area: Int { height * width }
}
