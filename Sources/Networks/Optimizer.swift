import CKernels
import Graphs
import Tensors

/// Which rule moves the parameters, with its constants.
public enum OptimizerKind: Hashable, Sendable {
  /// Kingma and Ba 2015, algorithm 1.
  case adam(beta1: Float, beta2: Float, epsilon: Float)
  /// Adam whose weights shrink by `rate * decay` a step, beside the gradient (Loshchilov and Hutter
  /// 2019, algorithm 2).
  case adamW(beta1: Float, beta2: Float, epsilon: Float, decay: Float)
  /// Adam with the largest gradient in the place of the root of the mean square (Kingma and Ba 2015,
  /// algorithm 2).
  case adamax(beta1: Float, beta2: Float, epsilon: Float)
  /// Duchi, Hazan and Singer 2011: the step of AEVB's own experiments (section 5).
  case adagrad(epsilon: Float)
  /// Stochastic gradient descent, with momentum (0 for none).
  case sgd(momentum: Float)

  /// How many numbers the rule remembers per parameter.
  var momentCount: Int {
    switch self {
    case .adam, .adamW, .adamax: 2
    case .adagrad: 1
    case .sgd(let momentum): momentum == 0 ? 0 : 1
    }
  }
}

/// Moves all parameters of a store along their gradients, in one pass over one flat buffer.
package final class Optimizer {
  package let kind: OptimizerKind
  /// Added to the gradient as `weightDecay * parameter`: the gradient of a Gaussian prior on the
  /// weights with variance 1 / (N weightDecay), for a loss per example.
  package let weightDecay: Float
  /// The largest Euclidean norm of the whole gradient; a longer one is scaled down to it (Pascanu,
  /// Mikolov and Bengio 2013). nil for no limit.
  package let gradientLimit: Float?
  /// Steps taken.
  package private(set) var stepCount: Int

  private let store: ParameterStore
  /// What the rule remembers: for Adam the first and second moments, one after the other.
  private let moments: [ParameterCopy]

  package init(
    _ kind: OptimizerKind, _ store: ParameterStore, weightDecay: Float = 0,
    gradientLimit: Float? = nil
  ) {
    self.kind = kind
    self.store = store
    self.weightDecay = weightDecay
    self.gradientLimit = gradientLimit
    stepCount = 0
    moments = (0..<kind.momentCount).map { _ in ParameterCopy(store, repeating: 0) }
  }

  /// One step against the gradients in the store, which are those of a loss to be made small. With a limit, a
  /// gradient that is not finite, which no factor mends, is passed over.
  package func step(learningRate: Float) {
    stepCount += 1
    let (values, gradients, count) = (store.values, store.gradients, store.count)
    let moments = moments.map(\.values.baseAddress)
    if let gradientLimit {
      let norm = Float(latent_sum_of_squares(gradients, count).squareRoot())
      guard norm.isFinite else { return }
      if norm > gradientLimit { latent_scale(gradients, count, gradientLimit / norm) }
    }
    switch kind {
    case .adam(let beta1, let beta2, let epsilon):
      latent_adam(
        values, gradients, moments[0], moments[1], count, learningRate, beta1, beta2, epsilon,
        weightDecay, 1, stepCount)
    case .adamW(let beta1, let beta2, let epsilon, let decay):
      latent_adam(
        values, gradients, moments[0], moments[1], count, learningRate, beta1, beta2, epsilon,
        weightDecay, 1 - learningRate * decay, stepCount)
    case .adamax(let beta1, let beta2, let epsilon):
      latent_adamax(
        values, gradients, moments[0], moments[1], count, learningRate, beta1, beta2, epsilon,
        weightDecay, stepCount)
    case .adagrad(let epsilon):
      latent_adagrad(values, gradients, moments[0], count, learningRate, epsilon, weightDecay)
    case .sgd(let momentum):
      latent_sgd(
        values, gradients, moments.first ?? nil, count, learningRate, momentum, weightDecay)
    }
  }

  /// What a checkpoint keeps beside the parameters and `stepCount`: `[count]` each.
  package var state: [Tensor] { moments.map(\.state) }

  /// Calls `body` with the memory of each number that the rule remembers of all parameters, laid out as the store.
  package func withMoments(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    for moment in moments { try moment.withMemory(body) }
  }

  /// Goes on from a checkpoint.
  ///
  /// - Precondition: `state` comes from an optimizer of the same kind and store layout.
  package func restore(stepCount: Int, state: [Tensor]) {
    precondition(state.count == moments.count && state.allSatisfy { $0.shape == [store.count] })
    self.stepCount = stepCount
    for (moment, tensor) in zip(moments, state) { moment.state = tensor }
  }
}
