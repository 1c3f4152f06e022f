import Tensors

/// Draws damage for crops: what a conditional model learns to undo. The result depends on the
/// crop and on the random source alone.
public struct DamageSampler: Sendable {
  /// The probability of hiding everything, where that is allowed.
  static let hiddenShare: Float = 0.5
  /// The share of crops with hidden pixels whose seen pixels have light noise.
  static let noisyMaskShare: Float = 0.12
  /// The largest noise level, on the scale 0...1.
  static let largestLevel: Float = 55 / 255
  /// The largest noise level beside hidden pixels.
  static let largestMaskLevel: Float = 25 / 255

  private let mixture: DamageMixture

  public init(_ mixture: DamageMixture) { self.mixture = mixture }

  /// Damages a crop.
  ///
  /// - Parameters:
  ///   - clean: `[C, H, W]` in [0, 1]; may be made grey.
  ///   - observation: gets `[C, H, W]`; noise may leave [0, 1], holes are filled.
  ///   - maps: gets `[5, H, W]` (`ConditionMaps`).
  ///   - allowsEverythingHidden: half of the crops are hidden altogether if so, none if not.
  /// - Precondition: there are 1 or 3 channels, and the counts fit the extents.
  public func apply(
    clean: UnsafeMutableBufferPointer<Float>, channels: Int, height: Int, width: Int,
    observation: UnsafeMutableBufferPointer<Float>, maps: UnsafeMutableBufferPointer<Float>,
    allowsEverythingHidden: Bool, using random: inout RandomSource
  ) {
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 colour channels")
    let count = channels * height * width
    precondition(clean.count == count && observation.count == count)
    precondition(maps.count == ConditionMaps.count * height * width)
    let isHidden = random.nextUniform() < Self.hiddenShare && allowsEverythingHidden
    let kind = mixture.kind(at: random.nextUniform())
    let isGrey = random.nextUniform() < mixture.greyShare && channels == 3
    let canvas = DamageCanvas(
      clean: clean, observation: observation, maps: maps, planes: isGrey ? 1 : channels,
      isRepeated: isGrey, height: height, width: width)
    if isGrey { canvas.makeGrey() }
    maps.update(repeating: 0)
    if isHidden {
      observation.update(repeating: 0.5)
    } else {
      canvas.map(ConditionMaps.seen).update(repeating: 1)
      damage(canvas, kind: kind, using: &random)
    }
    if isGrey {
      canvas.repeatFirst(clean)
      canvas.repeatFirst(observation)
    }
  }

  private func damage(
    _ canvas: DamageCanvas, kind: DamageKind, using random: inout RandomSource
  ) {
    switch kind {
    case .gaussianNoise:
      canvas.addNoise(level: random.nextUniform() * Self.largestLevel, using: &random)
      roundSome(canvas, using: &random)
    case .greyNoise:
      canvas.addGreyNoise(level: random.nextUniform() * Self.largestLevel, using: &random)
      roundSome(canvas, using: &random)
    case .signalDependentNoise:
      canvas.addSignalDependentNoise(.random(using: &random), using: &random)
      roundSome(canvas, using: &random)
    case .jpeg: canvas.compress(.random(using: &random))
    case .scale(let scale): canvas.reduce(.random(scale: scale, using: &random))
    case .randomPixels, .strokes, .text, .boxes, .borders:
      hide(canvas, kind: kind, using: &random)
    }
  }

  private func hide(
    _ canvas: DamageCanvas, kind: DamageKind, using random: inout RandomSource
  ) {
    if random.nextUniform() < Self.noisyMaskShare {
      canvas.addNoise(level: random.nextUniform() * Self.largestMaskLevel, using: &random)
      roundSome(canvas, using: &random)
    } else {
      canvas.copy()
    }
    let mask = MaskCanvas(
      seen: canvas.map(ConditionMaps.seen), height: canvas.height, width: canvas.width)
    switch kind {
    case .strokes: mask.hideStrokes(using: &random)
    case .text: mask.hideText(using: &random)
    case .boxes: mask.hideBoxes(using: &random)
    case .borders: mask.hideBorders(using: &random)
    default: mask.hidePixels(share: random.next(in: 0.1...0.95), using: &random)
    }
    mask.showOne(using: &random)
    canvas.fillHoles()
  }

  private func roundSome(_ canvas: DamageCanvas, using random: inout RandomSource) {
    if random.nextUniform() < mixture.roundedShare { canvas.roundObservation() }
  }
}

extension RandomSource {
  /// A number in a range, uniformly.
  mutating func next(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * nextUniform()
  }

  /// A whole number in a range, uniformly.
  mutating func next(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + nextIndex(below: range.count)
  }
}
