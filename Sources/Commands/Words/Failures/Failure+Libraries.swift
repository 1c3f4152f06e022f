import Batches
import Datasets
import Files
import Graphs
import ImageCodecs
import Pictures
import Platform
import Ranks
import Restoration
import VAE

/// The libraries' errors in the program's words: an exit code, and its options as remedies.
extension Failure {
  /// What another module's error means for the program.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as FileError: self.init(ImageError(error))
    case let error as ImageError:
      let remedy = error.kind == .tooManyPixels ? "; --max-pixels raises it" : ""
      self.init(Kind(error.kind), error.description + remedy)
    case let error as MixedSizesError:
      self.init(.badData, "\(error); give --size WxH to bring all to one size")
    case let error as BatchError: self.init(error)
    case let problem as BatchProblem: self.init(problem)
    case let error as BackendError: self.init(.unavailable, error.description)
    case let error as RanksError: self.init(error)
    case let error as RanksDiffer:
      self.init(
        .usage,
        "expected the same of all ranks, found rank \(error.rank) with another version, other options, pictures, "
          + "threads or another processor than rank 0; start all alike, or give --sync-every for different machines"
      )
    case let error as TrainingError:
      self.init(.badData, "\(error); try a smaller --learning-rate or --clip-gradient")
    case let problem as TrainingProblem: self.init(.usage, problem.words)
    case let error as RestorationError:
      let remedy =
        if case .unconditional = error { "; train one with --preset photograph" } else { "" }
      self.init(.badData, "\(error)" + remedy)
    case let error as ModelNotFound:
      self.init(.noInput, "\(error); give a path, or add a folder to LATENT_MODELS")
    case let error as UnknownSizeError:
      self.init(
        .badData,
        "\(error); give the picture's size with --size, or write ndjson, which holds it")
    case let error as PictureError: self.init(error)
    case let error as PictureMisfit: self.init(error)
    case let error as EnlargementMisfit: self.init(.badData, "\(error); give another --size")
    case let error as NotFiniteError: self.init(.badData, error.description)
    case let error as MemoryError: self.init(.noMemory, error.description)
    case let error as UndecidedArray: self.init(.badData, "\(error)" + error.remedy.words)
    default: self.init(.software, "\(error)")
    }
  }
}

extension Failure.Kind {
  init(_ kind: ImageError.Kind) {
    self =
      switch kind {
      case .usage: .usage
      case .badData, .tooManyPixels: .badData
      case .noInput: .noInput
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      case .noMemory: .noMemory
      }
  }
}

extension ArrayFault.Remedy {
  fileprivate var words: String {
    switch self {
    case .axes: "; --array-axes tells which"
    case .white: "; --array-white tells which"
    }
  }
}

extension TrainingProblem {
  /// What does not go together, with the remedy.
  var words: String {
    switch self {
    case .estimatorOfHierarchy(let estimator):
      "the estimator \(estimator.name) is for flat models; a hierarchical one is trained with sgvb-b"
    case .noClosedDivergence(let posterior, let prior):
      "the estimator sgvb-b needs the divergence in closed form, and there is none of the "
        + "posterior \(posterior.name) from the prior \(prior.name); choose --estimator sgvb-a"
    case .importanceSamples(let count):
      "expected 1 to 10000 importance samples, found \(count)"
    case .noTractableDensity(.scoreFunction):
      "the score function is the gradient of the posterior's density at a given point, for "
        + "which an inverse autoregressive flow would have to be inverted; choose another "
        + "--estimator"
    case .noTractableDensity:
      "the doubly reparameterized gradient needs the posterior's density as a function of "
        + "the latents, for which an inverse autoregressive flow would have to be inverted; "
        + "leave out --doubly-reparameterized"
    case .noNoise(let estimator):
      "--beta 0 draws no noise, of which \(estimator.name) makes its estimate; choose "
        + "--estimator sgvb-b"
    case .draws(let count):
      "expected --samples times --importance-samples of at most 10000 draws, found \(count)"
    case .groupsOfHierarchy: "--latent-groups belongs to models with one group of latents"
    case .groups(let count, let latents):
      "expected a divisor of the \(latents) latents as --latent-groups, found \(count)"
    case .freeBits(let estimator, let posterior, let prior):
      "--free-bits need the rate of every latent in closed form: expected the estimator "
        + "sgvb-b, the posterior diagonal and the prior standard-normal, found "
        + "\(estimator.name), \(posterior.name) and \(prior.name)"
    case .batch(let size, let ranks, let multiple):
      "expected a --batch-size that is a multiple of \(multiple) for \(ranks) ranks, found \(size)"
    case .nothingTrained(let part, let parts):
      "--train-only: no parameter's name begins with '\(part)'; they begin with \(parts.joined(separator: ", "))"
    case .decayOfUntrained: "--train-only does not go with --weight-prior or --optimizer adamw"
    case .denoisingOfConditional:
      "--denoising-criterion belongs to models without an observation; see --damage"
    }
  }
}
