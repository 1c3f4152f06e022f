import Checkpoints
import Datasets

/// What a training run is to be where nobody says: chosen from a look at its pictures, the time there is and
/// the threads that compute. Equal pictures, wishes and threads give equal recipes.
package struct TrainingRecipe: Hashable, Sendable {
  package var preset: Configuration.Preset
  /// The extents that pictures are brought to; nil for their own.
  package var size: PictureSurvey.Extents?
  /// 1 or 3.
  package var channels: Int
  package var likelihood: Configuration.Likelihood
  package var batchSize: Int
  /// Whether pictures are mirrored by chance.
  package var flips: Bool
  /// Of training, at most.
  package var seconds: Double
  /// The epochs without a better bound after which training stops; nil to go on.
  package var patience: Int?

  /// What the user has settled already.
  package struct Wishes: Hashable, Sendable {
    package var preset: Configuration.Preset?
    package var size: PictureSurvey.Extents?
    package var channels: Int?
    /// Whether pixels are made black or white.
    package var isBinarized = false
    package var seconds: Double?
    package var threads = 1

    package init() {}
  }

  /// The time that a run takes where nobody says.
  package static let standardSeconds = 1200.0
  /// The side above which pictures are too large for a model of one size, in pixels.
  package static let largestSide = 256
  /// The share of equal neighbors above which pictures are drawings.
  package static let drawnShare = 0.4
  /// The share of nearly black or white samples above which a sample is a Bernoulli variable's mean.
  package static let blackAndWhiteShare = 0.85
  /// Pixels that a thread learns from in a second, about. A deep model was measured to learn from 200,000 of 28x28 in
  /// gray, 250,000 of 64x64 and 390,000 of 128x128 in color, in a second of one core's computing (Xeon with AVX-512 and
  /// oneDNN, November 2026).
  static let pixelRate = 300_000.0
  /// Pictures that a model has to see before it is of use, about.
  static let leastExamples = 100_000.0

  package init(_ survey: PictureSurvey, _ wishes: Wishes) {
    seconds = wishes.seconds ?? Self.standardSeconds
    channels = wishes.channels ?? (survey.isColored ? 3 : 1)
    preset = wishes.preset ?? Self.preset(survey, wishes)
    size = wishes.size ?? (preset == .photograph ? nil : Self.size(survey, seconds, wishes.threads))
    let isBlackAndWhite =
      channels == 1 && survey.extremeShare >= Self.blackAndWhiteShare || wishes.isBinarized
    likelihood =
      isBlackAndWhite
      ? .bernoulli : .discretizedLogisticMixture(components: 3, mean: .sigmoid)
    flips =
      !isBlackAndWhite && survey.equalShare < Self.drawnShare && preset != .photograph
    let extents = size ?? survey.commonest
    let area = extents.width * extents.height
    let largest = area <= 1024 ? 32 : 16
    // Of few pictures an epoch has at least some twenty steps.
    batchSize = preset == .photograph ? 8 : max(4, min(largest, survey.count / 20))
    let steps = max(1, survey.count / batchSize)
    patience = survey.count < 20 || preset == .photograph ? nil : max(10, 3000 / steps)
  }

  private static func preset(
    _ survey: PictureSurvey, _ wishes: Wishes
  ) -> Configuration.Preset {
    guard wishes.size == nil else { return .deep }
    let side = min(survey.median.width, survey.median.height)
    return side > largestSide && survey.equalShare < drawnShare ? .photograph : .deep
  }

  /// The largest extents that there is time to learn: those of the pictures, of mixed ones a square where most
  /// are nearly square, three quarters of them, half ...
  private static func size(
    _ survey: PictureSurvey, _ seconds: Double, _ threads: Int
  ) -> PictureSurvey.Extents? {
    var whole = survey.isOfOneSize ? survey.commonest : survey.median
    if !survey.isOfOneSize && 4 * abs(whole.width - whole.height) <= min(whole.width, whole.height)
    {
      let side = min(whole.width, whole.height)
      whole = PictureSurvey.Extents(width: side, height: side)
    }
    let examples = max(leastExamples, 10 * Double(survey.count))
    let affordable = pixelRate * seconds * Double(threads) / examples
    func isSmallEnough(_ extents: PictureSurvey.Extents) -> Bool {
      let area = Double(extents.width * extents.height)
      return max(extents.width, extents.height) <= largestSide
        && (area <= affordable || min(extents.width, extents.height) <= smallestSide)
    }
    if survey.isOfOneSize && isSmallEnough(whole) { return nil }
    func scaled(_ extent: Int, _ factor: Double) -> Int {
      // Multiples of 8, so that grids need little padding.
      max(8, Int((Double(extent) * factor / 8).rounded()) * 8)
    }
    var factor = 1.0
    while true {
      for share in [1, 0.75] {
        let extents = PictureSurvey.Extents(
          width: scaled(whole.width, factor * share), height: scaled(whole.height, factor * share))
        if isSmallEnough(extents) { return extents }
      }
      factor /= 2
    }
  }

  /// Pictures are not made smaller than this for want of time.
  private static let smallestSide = 32
}

extension TrainingRecipe {
  /// As a checkpoint keeps it, so that a run goes on as it was begun.
  package var json: JSONValue {
    var members = [
      JSONMember("preset", .string(preset.rawValue)), JSONMember("channels", JSONValue(channels)),
      JSONMember("likelihood", likelihood.family.json),
      JSONMember("batch_size", JSONValue(batchSize)), JSONMember("flips", .bool(flips)),
      JSONMember("seconds", JSONValue(seconds)),
    ]
    if let size {
      members.append(
        JSONMember("size", ["width": JSONValue(size.width), "height": JSONValue(size.height)]))
    }
    if let patience { members.append(JSONMember("patience", JSONValue(patience))) }
    return .object(members)
  }

  /// - Throws: `ConfigurationError`.
  package init(json: JSONValue) throws {
    try json.requireKeys([
      "preset", "channels", "likelihood", "batch_size", "flips", "seconds", "size", "patience",
    ])
    preset = try json.choice("preset")
    channels = try json.integer("channels")
    likelihood = try Configuration.Likelihood(json: json.member("likelihood"))
    batchSize = try json.integer("batch_size")
    guard let flips = try json.member("flips").bool, let seconds = json["seconds"]?.double,
      seconds > 0, (1...65_536).contains(batchSize), channels == 1 || channels == 3
    else { throw ConfigurationError("expected the choices of a run") }
    self.flips = flips
    self.seconds = seconds
    size = try json["size"].map {
      let (width, height) = (try $0.integer("width"), try $0.integer("height"))
      guard (1...4096).contains(width), (1...4096).contains(height) else {
        throw ConfigurationError("expected a size of 1 to 4096 pixels a side")
      }
      return PictureSurvey.Extents(width: width, height: height)
    }
    patience = try json["patience"].map { _ in try json.integer("patience") }
  }
}
