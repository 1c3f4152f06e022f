/// A plane of what a conditional model is told of an observation beside its pixels, as the model's
/// file describes it.
public struct ConditionMap: Hashable, Sendable {
  /// By which model files know it.
  public let name: String
  /// What it holds where nothing is the matter with a pixel.
  public let neutral: Float
  /// Its values, but for `unknown`.
  public let range: ClosedRange<Float>
  /// What it is where it is not known; nil for a map that is always known.
  public let unknown: Float?
  /// What networks multiply it by before they see it.
  public let factor: Float

  public init(
    name: String, neutral: Float, range: ClosedRange<Float>, unknown: Float? = nil,
    factor: Float = 1
  ) {
    self.name = name
    self.neutral = neutral
    self.range = range
    self.unknown = unknown
    self.factor = factor
  }
}

extension ConditionMaps {
  /// Every map, in the order of the planes; a new one is a line here. Noise levels are small numbers beside the pixels; four
  /// times as large they weigh as much.
  @TaskLocal public static var all = [
    ConditionMap(name: "seen", neutral: 1, range: 0...1),
    ConditionMap(name: "luma_noise", neutral: 0, range: 0...1, unknown: unknown, factor: 4),
    ConditionMap(name: "chroma_noise", neutral: 0, range: 0...1, unknown: unknown, factor: 4),
    ConditionMap(name: "scale", neutral: 0, range: 0...1),
    ConditionMap(name: "jpeg", neutral: 0, range: 0...1),
  ]

  /// Those of models whose files do not describe them: they were always told the noise.
  package static var undescribed: [ConditionMap] {
    all.prefix(5).map {
      ConditionMap(name: $0.name, neutral: $0.neutral, range: $0.range, factor: $0.factor)
    }
  }

  /// The plane of a name; nil where there is none.
  package static func plane(named name: String) -> Int? { all.firstIndex { $0.name == name } }
}
