/// What a writer needs to know of a color profile (ICC.1:2022, section 7.2).
enum ICCProfile {
  /// What is said of a picture whose profile is left out.
  static let remark = "its color profile is damaged, and left out"

  /// Whether the profile begins as one, and is as long as it says.
  static func isWhole(_ profile: [UInt8]) -> Bool {
    guard profile.count >= 132, profile[36..<40].elementsEqual("acsp".utf8) else { return false }
    return profile[0..<4].reduce(0) { $0 << 8 | Int($1) } == profile.count
  }

  /// Whether the profile is whole and describes samples of this kind, so that it may be embedded.
  static func describes(_ colorModel: Image.ColorModel, _ profile: [UInt8]) -> Bool {
    guard isWhole(profile) else { return false }
    let space = colorModel.colorChannels == 1 ? "GRAY" : "RGB "
    return profile[16..<20].elementsEqual(space.utf8)
  }
}
