/// The order of an array's axes: pictures, channels, rows and columns.
package enum ArrayAxes: String, Hashable, Sendable, CaseIterable {
  case hw, nhw, chw, hwc, nchw, nhwc

  /// What the axis of the channels is; nil where there is none.
  private var channelAxis: Int? { Array(rawValue).firstIndex(of: "c") }

  /// Whether the channels of a pixel lie side by side.
  var isInterleaved: Bool { self == .hwc || self == .nhwc }

  /// The axes of an array where nobody tells.
  ///
  /// - Parameter takesAlpha: whether there may be a fourth channel, transparency.
  /// - Throws: `ArrayFault` where the shape is no picture's, or could be that of two.
  init(shape: [Int], takesAlpha: Bool = false) throws {
    func isChannels(_ extent: Int) -> Bool {
      extent == 1 || extent == 3 || extent == 4 && takesAlpha
    }
    func undecided(_ one: ArrayAxes, _ other: ArrayAxes) -> ArrayFault {
      ArrayFault(
        "the shape \(shape) may be \(one.words) or \(other.words)", remedy: .axes)
    }
    let last = shape.last ?? 0
    switch shape.count {
    case 2: self = .hw
    case 3 where shape[1] > 4 && (last == 2 || last == 4 && !takesAlpha):
      throw Self.alphaChannel(last, shape)
    case 3 where isChannels(last):
      // Hardly a picture is three pixels wide.
      guard shape[1] > 4 else { throw undecided(.nhw, .hwc) }
      self = .hwc
    case 3: self = .nhw
    case 4:
      switch (isChannels(shape[1]), isChannels(last)) {
      case (true, true) where shape[1] == 1 && last == 1: self = .nchw
      case (true, true): throw undecided(.nchw, .nhwc)
      case (true, false): self = .nchw
      case (false, true): self = .nhwc
      case (false, false):
        for extent in [shape[1], last] where extent == 2 || extent == 4 {
          throw Self.alphaChannel(extent, shape)
        }
        throw Self.noPictures(shape)
      }
    default: throw Self.noPictures(shape)
    }
  }

  /// Checks that an array can be of these axes.
  ///
  /// - Throws: `ArrayFault`.
  func check(_ shape: [Int], takesAlpha: Bool = false) throws {
    guard rawValue.count == shape.count else {
      throw ArrayFault("expected \(words), found the shape \(shape)")
    }
    guard let axis = channelAxis, shape[axis] != 1, shape[axis] != 3,
      !(takesAlpha && shape[axis] == 4)
    else { return }
    throw ArrayFault("expected 1 or 3 channels in \(words), found \(shape[axis])")
  }

  /// "[N, H, W]".
  package var words: String {
    "[" + rawValue.uppercased().map(String.init).joined(separator: ", ") + "]"
  }

  /// - Returns: N, C, H and W.
  func extents(_ shape: [Int]) -> (count: Int, channels: Int, height: Int, width: Int) {
    func extent(_ axis: Character) -> Int {
      Array(rawValue).firstIndex(of: axis).map { shape[$0] } ?? 1
    }
    return (extent("n"), extent("c"), extent("h"), extent("w"))
  }

  private static func noPictures(_ shape: [Int]) -> ArrayFault {
    ArrayFault(
      "expected pictures of shape [N, H, W], [N, C, H, W], [N, H, W, C], [H, W, C] or [H, W], "
        + "C 1 or 3, found \(shape)")
  }

  /// Of two or four channels the last is hardly anything but transparency.
  private static func alphaChannel(_ count: Int, _ shape: [Int]) -> ArrayFault {
    ArrayFault("expected 1 or 3 channels, found \(count) in \(shape); leave out the last")
  }
}

/// How an array of pictures is to be understood.
package struct ArrayReading: Hashable, Sendable {
  package enum Scale: Hashable, Sendable {
    /// By the type of the numbers and by themselves.
    case automatic
    /// The number that stands for white, 0 for black.
    case white(Float)
    /// That of a mask: numbers up to 1, up to 255, and integers up to 65535 or to what their type holds.
    case mask
  }

  package var scale: Scale
  /// nil for those that the shape tells.
  package var axes: ArrayAxes?
  /// Whether there may be a fourth channel, transparency; otherwise one is refused.
  package var takesAlpha = false

  package init(
    scale: Scale = .automatic, axes: ArrayAxes? = nil, takesAlpha: Bool = false
  ) {
    self.scale = scale
    self.axes = axes
    self.takesAlpha = takesAlpha
  }

  package static let automatic = ArrayReading()
}

/// What the numbers of an array of pictures stand for.
package struct ArrayForm: Hashable, Sendable {
  package let shape: [Int]
  package let axes: ArrayAxes
  /// The number that stands for white; 0 stands for black.
  package let white: Float
}

extension NPYHeader {
  /// Whether the type alone tells which number is white.
  var tellsWhite: Bool { kind == .boolean || kind == .unsigned && size == 1 }

  /// The number that stands for white.
  ///
  /// - Parameter range: of the finite numbers of the array; nil where there is none. What the type tells
  ///   needs none.
  /// - Throws: `ArrayFault` where it cannot be told.
  func white(_ scale: ArrayReading.Scale, range: ClosedRange<Float>?) throws -> Float {
    switch scale {
    case .white(let white): return white
    case .mask: return try whiteOfMask(range)
    case .automatic: break
    }
    if kind == .boolean { return 1 }
    guard !tellsWhite, let range, range != 0...0 else { return 255 }
    let (lowest, highest) = (range.lowerBound, range.upperBound)
    let isFloating = kind == .floatingPoint
    if kind == .unsigned && size == 2 && highest > 255 { return 65_535 }
    // Room for noise and for what a filter leaves beyond black and white.
    if isFloating && lowest >= -0.5 && highest <= 1.5 { return 1 }
    let dark: Float = isFloating ? 8 : 1
    if highest > dark && max(highest, -lowest) <= 2550 { return 255 }
    throw ArrayFault(
      "numbers from \(lowest) to \(highest), of which 1, 255 or another may be white",
      remedy: .white)
  }

  private func whiteOfMask(_ range: ClosedRange<Float>?) throws -> Float {
    guard let range, kind != .boolean, range.upperBound > 1 else { return 1 }
    let highest = range.upperBound
    // Of a signed type, half of what the unsigned one holds.
    let bits = 8 * size - (kind == .signed ? 1 : 0)
    let full =
      kind == .floatingPoint ? .infinity : Float(sign: .plus, exponent: bits, significand: 1) - 1
    if highest <= 255 { return min(255, full) }
    if kind != .floatingPoint && highest <= 65_535 { return min(65_535, full) }
    if highest > full / 2 { return full }
    throw ArrayFault(
      "expected a mask of numbers from 0 to 1 or from 0 to 255, found \(range.upperBound)")
  }
}
