import Pictures
import Platform
import Tensors

/// Draws damage for crops: what a conditional model learns to undo. The result depends on the
/// crop and on the random source alone.
package struct DamageSampler: Sendable {
  /// The share of crops with hidden pixels whose seen pixels have light noise.
  static let noisyMaskShare: Float = 0.12
  /// The largest noise level, on the scale 0...1.
  static let largestLevel: Float = 55 / 255
  /// The largest noise level beside hidden pixels.
  static let largestMaskLevel: Float = 25 / 255

  private let mixture: DamageMixture

  package init(_ mixture: DamageMixture) { self.mixture = mixture }

  /// Damages a crop.
  ///
  /// - Parameters:
  ///   - clean: `[C, H, W]` in [0, 1], C being 1 or 3; may be made gray.
  ///   - observation: gets `[C, H, W]`; noise may leave [0, 1], holes are filled.
  ///   - maps: gets `[5, H, W]` (`ConditionMaps`).
  ///   - allowsEverythingHidden: half of the crops are hidden altogether if so, none if not.
  /// - Precondition: the channels are as said, and the extents equal.
  package func apply(
    clean: MutablePlaneView, observation: MutablePlaneView, maps: MutablePlaneView,
    allowsEverythingHidden: Bool, using random: inout RandomSource
  ) {
    let (channels, region) = (clean.channels, clean.region)
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 color channels")
    precondition(observation.channels == channels && maps.channels == ConditionMaps.count)
    precondition(observation.region == region && maps.region == region)
    let isHidden = random.nextUniform() < mixture.hiddenShare && allowsEverythingHidden
    let kind = mixture.kind(at: random.nextUniform())
    let isGray = random.nextUniform() < mixture.grayShare && channels == 3
    let canvas = DamageCanvas(
      clean: clean, observation: observation, maps: maps, planes: isGray ? 1 : channels,
      isRepeated: isGray)
    if isGray { canvas.makeGray() }
    if mixture.smoothColorShare > 0, canvas.planes == 3 {
      canvas.smoothColor(share: mixture.smoothColorShare, using: &random)
    }
    if mixture.drawnShare > 0, random.nextUniform() < mixture.drawnShare {
      canvas.draw(using: &random)
    }
    maps.fill(with: 0)
    if isHidden {
      observation.fill(with: 0.5)
    } else {
      for (index, map) in ConditionMaps.all.enumerated() where map.neutral != 0 {
        canvas.map(index).fill(with: map.neutral)
      }
      damage(canvas, kind: kind, using: &random)
    }
    if isGray {
      canvas.repeatFirst(clean)
      canvas.repeatFirst(observation)
    }
  }

  private func damage(
    _ canvas: DamageCanvas, kind: DamageKind, using random: inout RandomSource
  ) {
    switch kind {
    case .gaussianNoise:
      canvas.addNoise(level: level(upTo: Self.largestLevel, using: &random), using: &random)
      roundSome(canvas, using: &random)
    case .grayNoise:
      canvas.addGrayNoise(
        level: level(upTo: Self.largestLevel, using: &random), using: &random)
      roundSome(canvas, using: &random)
    case .signalDependentNoise:
      canvas.addSignalDependentNoise(.random(using: &random), using: &random)
      roundSome(canvas, using: &random)
    case .jpeg:
      canvas.compress(
        mixture.telling == .measured
          ? .random(quality: 10...100, using: &random) : .random(using: &random))
      // Told nothing of noise, a model takes off the artifacts alone.
      switch mixture.telling {
      case .drawn: break
      case .estimated: if random.nextWord() & 1 == 1 { tellMeasured(canvas, using: &random) }
      case .measured:
        tellMeasured(canvas, using: &random)
        forgetQuality(canvas, using: &random)
      }
    case .camera:
      canvas.expose(.random(using: &random), using: &random)
      finish(canvas, jpegShare: 0.7, qualities: 60...100, using: &random)
    case .grain:
      canvas.addGrain(.random(using: &random), using: &random)
      finish(canvas, jpegShare: 0.6, qualities: 60...100, using: &random)
    case .noiseThenJPEG:
      canvas.addNoise(level: level(upTo: Self.largestMaskLevel, using: &random), using: &random)
      finish(canvas, jpegShare: 1, qualities: 50...90, using: &random)
    case .impulses:
      canvas.addNoise(level: random.nextUniform() * Self.largestMaskLevel, using: &random)
      canvas.roundObservation()
      tellMeasured(canvas, using: &random)
      canvas.addImpulses(
        share: 1e-3 * powf(40, random.nextUniform()), areKnown: random.nextUniform() < 0.7,
        using: &random)
    case .none:
      canvas.copy()
      tellMeasured(canvas, using: &random)
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
    let mask = MaskCanvas(seen: canvas.map(ConditionMaps.seen))
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

  /// A noise level: uniform, or evenly spread in the logarithm from a hundredth of the largest on.
  private func level(upTo largest: Float, using random: inout RandomSource) -> Float {
    mixture.telling == .measured
      ? largest * powf(0.01, random.nextUniform()) : largest * random.nextUniform()
  }

  /// Rounds some as files are; where levels may be unknown these have to be measured.
  private func roundSome(_ canvas: DamageCanvas, using random: inout RandomSource) {
    guard random.nextUniform() < mixture.roundedShare else { return }
    canvas.roundObservation()
    if mixture.telling != .drawn { tellMeasured(canvas, using: &random) }
  }

  /// Makes the observation a file's: JPEG, whose quality is told more often than not, or rounding.
  private func finish(
    _ canvas: DamageCanvas, jpegShare: Float, qualities: ClosedRange<Int>,
    using random: inout RandomSource
  ) {
    if mixture.telling == .measured, random.nextWord() & 1 == 1 {
      canvas.fadeNoise(to: powf(0.03, random.nextUniform()))
    }
    if random.nextUniform() < jpegShare {
      canvas.compressObservation(.random(quality: qualities, using: &random))
      forgetQuality(canvas, using: &random)
    } else {
      canvas.roundObservation()
    }
    tellMeasured(canvas, .file, using: &random)
  }

  /// Leaves the quality of a JPEG file untold now and then: pictures are saved in other formats later.
  private func forgetQuality(_ canvas: DamageCanvas, using random: inout RandomSource) {
    if random.nextUniform() < 0.4 { canvas.map(ConditionMaps.jpeg).fill(with: 0) }
  }

  /// How far from the measured level what is told may be: the logarithm of the factor is normal.
  private struct Spread {
    let mean: Float
    let deviation: Float
    /// White noise is estimated well.
    static let white = Spread(mean: 0.03, deviation: 0.1)
    /// The noise of files tends to be taken for less than it is: what is coarse looks like texture.
    static let file = Spread(mean: -0.2, deviation: 0.3)
  }

  /// Tells the level of what the observation differs by as an estimate would; or that it is unknown.
  private func tellMeasured(
    _ canvas: DamageCanvas, _ spread: Spread = .white, using random: inout RandomSource
  ) {
    var (factor, isUnknown): (Float, Bool) = (1, false)
    if case .estimated(let unknownShare) = mixture.telling {
      isUnknown = random.nextUniform() < unknownShare
      factor = expf(spread.mean + spread.deviation * random.nextNormal())
    }
    let level = canvas.measuredNoise
    canvas.map(ConditionMaps.lumaNoise).fill(
      with: isUnknown ? ConditionMaps.unknown : factor * level.luma)
    canvas.map(ConditionMaps.chromaNoise).fill(
      with: isUnknown ? ConditionMaps.unknown : factor * level.chroma)
  }
}

extension DamageCanvas {
  /// Smooths a share of color crops' color, by 0.4 to 1.6 pixels; the luma stays.
  fileprivate func smoothColor(share: Float, using random: inout RandomSource) {
    guard random.nextUniform() < share else { return }
    let deviation = random.next(in: 0.4...1.6)
    LumaChroma.split(clean)
    for channel in 1...2 { PlaneFilter.blur(clean.plane(channel), deviation: deviation) }
    LumaChroma.join(clean)
    for index in 0..<count { clean[index] = min(max(clean[index], 0), 1) }
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
