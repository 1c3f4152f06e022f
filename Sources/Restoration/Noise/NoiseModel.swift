/// How strong a picture's noise is: the levels of luma and chroma (`ConditionMaps`), each as a
/// function of the brightness around a pixel.
public struct NoiseModel: Hashable, Sendable {
  /// A level at every brightness: linear between brightness 0, 1/2 and 1.
  public struct Curve: Hashable, Sendable {
    /// Standard deviations at brightness 0, 1/2 and 1, on the scale 0...1.
    public var nodes: [Float]

    /// The same level everywhere.
    public init(_ level: Float) { nodes = [level, level, level] }

    /// - Precondition: there are three.
    public init(nodes: [Float]) {
      precondition(nodes.count == 3, "levels at brightness 0, 1/2 and 1")
      self.nodes = nodes
    }

    public var isConstant: Bool { nodes.allSatisfy { $0 == nodes[0] } }

    public func level(at brightness: Float) -> Float {
      let place = min(max(brightness, 0), 1) * 2
      let low = place < 1 ? 0 : 1
      let share = place - Float(low)
      return nodes[low] + share * (nodes[low + 1] - nodes[low])
    }

    func map(_ body: (Float) -> Float) -> Curve { Curve(nodes: nodes.map(body)) }
  }

  public var luma: Curve
  public var chroma: Curve

  public init(luma: Curve, chroma: Curve) { (self.luma, self.chroma) = (luma, chroma) }

  /// The same levels at every brightness.
  public init(_ level: NoiseLevel) {
    self.init(luma: Curve(level.luma), chroma: Curve(level.chroma))
  }

  public static let none = NoiseModel(NoiseLevel(luma: 0, chroma: 0))

  public var isConstant: Bool { luma.isConstant && chroma.isConstant }

  /// With all levels times a factor.
  public func scaled(by factor: Float) -> NoiseModel {
    NoiseModel(luma: luma.map { $0 * factor }, chroma: chroma.map { $0 * factor })
  }

  /// White noise of a level, which textureless patches tell exactly, where this is nearly the same:
  /// noise of cameras, correlated from pixel to pixel, is much stronger than they tell.
  func whiteWhereEqual(to level: NoiseLevel) -> NoiseModel {
    func isNear(_ found: Float, _ expected: Float) -> Bool {
      abs(found - expected) <= max(0.2 * expected, 0.5 / 255)
    }
    guard isNear(luma.nodes[1], level.luma), isNear(chroma.nodes[1], level.chroma) else {
      return self
    }
    return NoiseModel(level).rounded
  }

  /// With what is read of a camera's noise made stronger: it is coarser than any simulated chain's, so that
  /// readings tend to be low, and too low a level costs more than too high a one (Guo et al. 2019).
  /// Luma is 1.8 times as strong up to 3 of 255, and the same from 6 on.
  var raised: NoiseModel {
    let raised = luma.map { level in
      level * (1 + 0.8 * min(max((6 - 255 * level) / 3, 0), 1))
    }
    return NoiseModel(luma: raised, chroma: chroma).rounded
  }

  /// With levels that are whole hundredths of 1/255, as they are printed, and 0 for such as change no
  /// 8-bit picture.
  public var rounded: NoiseModel {
    func round(_ level: Float) -> Float { (level * 25_500).rounded() / 25_500 }
    let least: Float = 0.3 / 255
    if (luma.nodes + chroma.nodes).allSatisfy({ $0 < least }) { return .none }
    return NoiseModel(luma: luma.map(round), chroma: chroma.map(round))
  }
}
