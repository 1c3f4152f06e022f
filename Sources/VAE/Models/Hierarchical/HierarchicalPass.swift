import Datasets
import Graphs
import Networks
import Tensors

/// A hierarchical model on one batch, as nodes of a graph: the condition is encoded once, then any
/// number of ways down the decoder can be taken.
struct HierarchicalPass: TopDownPass {
  private let networks: HierarchicalNetworks
  private let observation: Value
  /// The observation's features, one value a level; none in a model without an observation.
  let features: [Value]
  private let image: ImageShape
  /// The part of the picture whose core is wanted; nil for all of it.
  private let window: RestorationWindow?

  /// - Parameter condition: must be nothing seen in a model without an observation.
  init(_ networks: HierarchicalNetworks, _ condition: ConditionValues) {
    self.networks = networks
    image = ImageShape(batch: condition.observation)
    window = nil
    observation = condition.observation
    let pixels = (condition.observation - 0.5).opponent()
    let maps = networks.hierarchy.maps.compactMap { map in
      ConditionMaps.plane(named: map.name).map { plane in
        condition.maps.sliced(axis: 1, plane..<plane + 1) * map.factor
      }
    }
    features = networks.observation?(.concatenate([pixels] + maps, axis: 1)) ?? []
  }

  private init(_ pass: HierarchicalPass, rows: Range<Int>) {
    networks = pass.networks
    image = pass.image
    window = pass.window
    observation = pass.observation.sliced(axis: 0, rows)
    features = pass.features.map { $0.sliced(axis: 0, rows) }
  }

  /// The pass of some of the batch's rows, without computing them anew.
  func rows(_ range: Range<Int>) -> HierarchicalPass { HierarchicalPass(self, rows: range) }

  /// The pass of a window's core from what was encoded already.
  ///
  /// - Parameters:
  ///   - features: with the window's margins of each level.
  ///   - observation: the core's, `[N, C, H, W]`.
  init(
    _ networks: HierarchicalNetworks, features: [Value], observation: Value,
    window: RestorationWindow
  ) {
    self.networks = networks
    self.features = features
    self.observation = observation
    self.window = window
    image = ImageShape(batch: observation)
  }

  /// The pass of a window's core.
  ///
  /// - Precondition: this is a conditional model's pass of the whole window.
  func narrowed(to window: RestorationWindow) -> HierarchicalPass {
    HierarchicalPass(
      networks,
      features: features.enumerated().map { level, value in
        value.narrowed(
          from: window.margins.map { $0 >> (level + 1) },
          to: window.margins(networks.hierarchy, level: level))
      },
      observation: observation.narrowed(from: window.margins, to: .zero), window: window)
  }

  var groups: [TopDownGroup] { networks.groups }

  func target(_ x: Value) -> [Value] { networks.target((x - 0.5).opponent()) }

  /// The way down: E[x|z, y], `[N, C, H, W]`, for latents that `latents` chooses level by level.
  func decode(_ latents: Latents) -> Value { mean(decodedState(latents)) }

  /// The state at 1/2 of the picture at the end of the way down, activated.
  private func decodedState(_ latents: Latents) -> Value {
    var state: Value?
    for (level, layers) in networks.groups.enumerated().reversed() {
      var current = state.map { above in
        features.isEmpty ? above : above + features[level]
      }
      if current == nil { current = features.isEmpty ? start(level) : features[level] }
      guard let entering = current else { continue }
      let after = layers(entering) { prior, state in latents(level, prior, state) }
      state = layers.up.map { narrowed($0(after), above: level) } ?? after
    }
    guard let state else { preconditionFailure("a hierarchy has a level") }
    return state.map(networks.hierarchy.activation.function)
  }

  /// E[x|z, y] from the last state.
  private func mean(_ state: Value) -> Value {
    observation + pixels(networks.output(state)).fromOpponent()
  }

  /// The picture's pixels, or those of the window's core, from four a cell.
  private func pixels(_ cells: Value) -> Value {
    let margins = window?.margins(networks.hierarchy, level: 0) ?? .zero
    return cells.narrowed(from: margins, to: .zero).pixelShuffled(2)
  }

  /// What comes up from `level` without what the next finer level does not need.
  private func narrowed(_ state: Value, above level: Int) -> Value {
    guard let window else { return state }
    return state.narrowed(
      from: window.margins(networks.hierarchy, level: level).map { 2 * $0 },
      to: window.margins(networks.hierarchy, level: level - 1))
  }

  /// Zeros to start the way down from, where there are no features.
  private func start(_ level: Int) -> Value {
    let grid = networks.hierarchy.grid(level, of: image)
    return observation.graph.constant(
      0, [observation.shape[0], networks.hierarchy.widths[level], grid.height, grid.width])
  }

  /// The best single estimate, and what is predicted of its error.
  struct Estimate {
    /// `[N, C, H, W]`.
    let mean: Value
    /// log v of every pixel, `[N, 1, H, W]`, where v is E[(x - mean)^2 | y] averaged over the channels;
    /// nil in a model that does not predict it.
    let logVariance: Value?
  }

  /// No gradient goes from the predicted error into what it is made of.
  func estimate() -> Estimate {
    let state = decodedState { _, prior, _ in prior.mean }
    let error = networks.error.map { pixels($0(state.stoppingGradient())) }
    return Estimate(
      mean: mean(state),
      logVariance: error.map { ($0 / Self.errorRange).tanh() * Self.errorRange - Self.errorRange })
  }

  /// Predicted errors lie between 255 and 0.23 of 255: log v in -14...0.
  private static let errorRange: Float = 7

  /// log sigma^2 of p(x|z, y), a scalar.
  var logVariance: Value { networks.logVariance.logVariance(in: observation.graph) }

  /// p(x|z, y) around a mean.
  func likelihood(_ mean: Value) -> any PixelDistribution {
    GaussianPixels(mean: mean, logVariance: logVariance)
  }
}
