/// An ICC profile in the numbered APP2 segments of a JPEG file (ICC.1:2022, annex B.4).
struct JPEGProfileParts {
  static let signature: [UInt8] = Array("ICC_PROFILE\0".utf8)
  /// Bytes of the profile that fit one segment.
  static let maximumPart = 65_533 - 14

  private var parts: [Int: [UInt8]] = [:]
  private var count = 0
  private var isConsistent = true

  mutating func add(_ segment: some Collection<UInt8>) {
    guard segment.count >= 14, segment.starts(with: Self.signature) else { return }
    let content = Array(segment.dropFirst(12))
    let number = Int(content[0])
    let total = Int(content[1])
    if count == 0 { count = total }
    if total != count || number < 1 || number > total || parts[number] != nil {
      isConsistent = false
    }
    parts[number] = Array(content.dropFirst(2))
  }

  /// `nil` where there is no profile, or parts are missing, doubled or at odds.
  func joined() -> [UInt8]? {
    guard isConsistent, count > 0, parts.count == count else { return nil }
    return (1...count).flatMap { parts[$0] ?? [] }
  }

  /// The segments' contents for a profile; `nil` where it is too long for 255 of them.
  static func split(_ profile: [UInt8]) -> [[UInt8]]? {
    let total = (profile.count + maximumPart - 1) / maximumPart
    guard (1...255).contains(total) else { return nil }
    return (0..<total).map { index in
      let start = index * maximumPart
      let part = profile[start..<min(start + maximumPart, profile.count)]
      return signature + [UInt8(index + 1), UInt8(total)] + part
    }
  }
}
