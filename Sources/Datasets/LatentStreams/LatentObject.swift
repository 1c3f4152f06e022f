import Checkpoints
import Pictures
import Tensors

/// A record of ndjson.
enum LatentObject {
  static let limits = JSONLimits(depth: 16, values: 8 << 20)
  static let largestGroupCount = 4096

  /// - Throws: `ArrayFault`.
  static func record(
    _ line: ArraySlice<UInt8>, latentShape: Shape?
  ) throws -> LatentRecord {
    if let scanned = Scanner.members(of: line) {
      return try record(scanned, latentShape)
    }
    // Whatever is unusual, and all that is wrong, is the general reader's.
    let value: JSONValue
    do {
      value = try JSONValue(parsing: line, limits: limits)
    } catch {
      throw ArrayFault("\(error)")
    }
    guard value.object != nil else { throw ArrayFault("expected an object, found \(value.kind)") }
    var members = Members()
    members.mean = try numbers(value, "mean")
    members.logVariance = try numbers(value, "log_variance")
    members.shape = try extents(value, "shape")
    members.image = try extents(value, "image")
    members.groups = try groups(value)
    members.source = value["source"]?.string
    members.origin = LatentOrigin(
      model: value["model"]?.string, fingerprint: value["fingerprint"]?.string)
    return try record(members, latentShape)
  }

  private struct Members {
    var source: String?
    var image: Shape?
    var groups: [LatentRecord.Group] = []
    var shape: Shape?
    var mean: [Float]?
    var logVariance: [Float]?
    var origin = LatentOrigin()
  }

  private static func record(_ members: Members, _ latentShape: Shape?) throws -> LatentRecord {
    guard let mean = members.mean else { throw ArrayFault("expected \"mean\"") }
    let shape = members.shape ?? latentShape ?? [mean.count]
    if let latentShape, shape != latentShape, shape != [latentShape.count] {
      throw ArrayFault("expected shape \(latentShape), found \(shape)")
    }
    for numbers in [mean, members.logVariance ?? mean] where numbers.count != shape.count {
      throw ArrayFault("expected \(shape.count) numbers, found \(numbers.count)")
    }
    let groups = members.groups
    guard groups.isEmpty || groups.reduce(0, { $0 + $1.shape.count }) == mean.count else {
      throw ArrayFault("expected groups of \(mean.count) numbers in all")
    }
    return LatentRecord(
      source: members.source, image: members.image, groups: groups,
      shape: latentShape ?? shape, mean: mean, logVariance: members.logVariance,
      origin: members.origin)
  }

  private static func numbers(_ value: JSONValue, _ key: String) throws -> [Float]? {
    guard let member = value[key], !member.isNull else { return nil }
    guard let elements = member.array else {
      throw ArrayFault("expected \"\(key)\" to be an array, found \(member.kind)")
    }
    return try elements.map {
      guard let number = $0.float else {
        throw ArrayFault(
          "expected finite numbers in \"\(key)\", found \(printable($0.description))")
      }
      return number
    }
  }

  private static func groups(_ value: JSONValue) throws -> [LatentRecord.Group] {
    guard let member = value["groups"], !member.isNull else { return [] }
    guard let elements = member.array, elements.count <= largestGroupCount else {
      throw ArrayFault("expected \"groups\" to be an array of at most \(largestGroupCount) objects")
    }
    return try elements.map {
      guard let name = $0["name"]?.string, let shape = try extents($0, "shape") else {
        throw ArrayFault("expected groups of \"name\" and \"shape\"")
      }
      return LatentRecord.Group(name: name, shape: shape)
    }
  }

  private static func extents(_ value: JSONValue, _ key: String) throws -> Shape? {
    guard let member = value[key], !member.isNull else { return nil }
    guard let shape = shape((member.array ?? []).map(\.int)) else {
      throw ArrayFault("expected \"\(key)\" to hold positive integers")
    }
    return shape
  }

  /// nil where an extent is none, or all together are too many.
  private static func shape(_ extents: [Int?]) -> Shape? {
    var count = 1
    for extent in extents.isEmpty ? [nil] : extents {
      guard let extent, extent > 0, extent <= 1 << 24, count <= 1 << 24 else { return nil }
      count *= extent
    }
    return Shape(extents.compactMap { $0 })
  }

  /// Reads the objects that `encode` writes and the like: known members, strings without escapes, finite
  /// numbers.
  private struct Scanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var count = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// nil where the line is another, or no such object.
    static func members(of line: ArraySlice<UInt8>) -> Members? {
      line.withUnsafeBufferPointer { bytes in
        var scanner = Scanner(bytes)
        return scanner.members()
      }
    }

    private mutating func members() -> Members? {
      var members = Members()
      var seen: Set<String> = []
      guard take("{") else { return nil }
      repeat {
        guard let key = string(), seen.insert(key).inserted, take(":") else { return nil }
        switch key {
        case "mean":
          guard let numbers = numbers() else { return nil }
          members.mean = numbers
        case "log_variance":
          guard let numbers = numbers() else { return nil }
          members.logVariance = numbers
        case "shape":
          guard let shape = extents() else { return nil }
          members.shape = shape
        case "image":
          guard let shape = extents() else { return nil }
          members.image = shape
        case "groups":
          guard let groups = groups() else { return nil }
          members.groups = groups
        case "source":
          guard let text = string() else { return nil }
          members.source = text
        case "model":
          guard let text = string() else { return nil }
          members.origin.model = text
        case "fingerprint":
          guard let text = string() else { return nil }
          members.origin.fingerprint = text
        default: return nil
        }
      } while take(",")
      guard take("}") else { return nil }
      skipSpace()
      return position == bytes.count ? members : nil
    }

    @inline(__always)
    private mutating func skipSpace() {
      while position < bytes.count,
        bytes[position] == 0x20 || bytes[position] == 0x0A || bytes[position] == 0x0D
          || bytes[position] == 0x09
      { position &+= 1 }
    }

    @inline(__always)
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
      position &+= 1
      return true
    }

    private mutating func string() -> String? {
      guard take("\"") else { return nil }
      let start = position
      while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
        guard bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\\") else { return nil }
        position += 1
      }
      guard position < bytes.count else { return nil }
      defer { position += 1 }
      return String(validating: bytes[start..<position], as: UTF8.self)
    }

    private mutating func numbers() -> [Float]? {
      guard take("[") else { return nil }
      var numbers: [Float] = []
      if take("]") { return numbers }
      repeat {
        skipSpace()
        guard let number = DecimalNumber.parse(bytes, at: &position, isJSON: true), number.isFinite,
          count < LatentObject.limits.values
        else { return nil }
        count &+= 1
        numbers.append(number)
      } while take(",")
      return take("]") ? numbers : nil
    }

    /// `[{"name":...,"shape":[...]},...]`.
    private mutating func groups() -> [LatentRecord.Group]? {
      var groups: [LatentRecord.Group] = []
      guard take("[") else { return nil }
      if take("]") { return groups }
      repeat {
        guard groups.count < LatentObject.largestGroupCount, take("{"), string() == "name",
          take(":"), let name = string(), take(","), string() == "shape", take(":"),
          let shape = extents(), take("}")
        else { return nil }
        groups.append(LatentRecord.Group(name: name, shape: shape))
      } while take(",")
      return take("]") ? groups : nil
    }

    private mutating func extents() -> Shape? {
      guard let numbers = numbers() else { return nil }
      return LatentObject.shape(numbers.map { Int(exactly: $0) })
    }
  }
}
