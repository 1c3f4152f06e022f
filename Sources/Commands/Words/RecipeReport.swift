import Datasets
import Files
import VAE

/// What was chosen for a run, each with the reason and the option that changes it.
struct RecipeReport {
  private let recipe: TrainingRecipe
  private let survey: PictureSurvey
  private let wishes: TrainingRecipe.Wishes
  private let threads: Int

  init(
    _ recipe: TrainingRecipe, _ survey: PictureSurvey, _ wishes: TrainingRecipe.Wishes,
    threads: Int
  ) {
    (self.recipe, self.survey, self.wishes, self.threads) = (recipe, survey, wishes, threads)
  }

  /// The pictures, then a line for each choice that the command's options leave open.
  func lines(for command: Train) -> [String] {
    var lines = ["\(survey.words); chosen:"]
    if command.network.preset == nil {
      lines.append(line("--preset", recipe.preset.rawValue, preset))
    }
    if command.data.size == nil && command.data.crop == nil && recipe.preset != .photograph {
      lines.append(sizeLine)
    }
    if !command.data.gray && !command.data.color {
      lines.append(
        line(
          recipe.channels == 1 ? "--gray" : "--color", "",
          recipe.channels == 1 ? "none of the pictures shows color" : "some pictures show color"))
    }
    if command.network.likelihood == nil && recipe.preset == .deep {
      lines.append(line("--likelihood", recipe.likelihood.name, likelihood))
    }
    if survey.isTransparent && command.data.background.description == "white" {
      lines.append(line("--background", "white", "what is transparent is laid on it"))
    }
    if recipe.flips && command.data.flip == nil && !command.data.symmetries {
      lines.append(line("--flip", "", "photographs may be mirrored; --no-flip where they may not"))
    }
    if command.optimization.batchSize == nil {
      lines.append(line("--batch-size", "\(recipe.batchSize)", "for such pictures, and so many"))
    }
    let options = command.optimization
    if !options.hasLimit {
      lines.append(line("--time", duration(recipe.seconds), "the more the better"))
    }
    if let patience = recipe.patience, options.patience == nil,
      !options.hasLimit || options.time != nil
    {
      lines.append(
        line("--patience", "\(patience)", "epochs without a better bound end the run before"))
    }
    return lines
  }

  /// The choice of the extents.
  var sizeLine: String {
    let extents = recipe.size ?? survey.commonest
    return line("--size", extents.words, size)
  }

  private func line(_ option: String, _ value: String, _ reason: String) -> String {
    let choice = value.isEmpty ? option : "\(option) \(value)"
    return "  \(padded(choice, 42))\(reason)"
  }

  private var preset: String {
    switch recipe.preset {
    case .photograph:
      "photographs of more than \(TrainingRecipe.largestSide) pixels a side: a model that restores any size"
    case .deep where survey.equalShare >= TrainingRecipe.drawnShare:
      "drawings or symbols: groups of latents from 1x1 to fine grids keep edges"
    default: "small pictures: groups of latents from 1x1 to fine grids keep detail"
    }
  }

  private var size: String {
    guard let size = recipe.size else { return "their own" }
    let time =
      "what \(duration(recipe.seconds)) on \(threads) thread\(threads == 1 ? "" : "s") can learn"
    if survey.isOfOneSize {
      let side = max(survey.commonest.width, survey.commonest.height)
      return side > TrainingRecipe.largestSide && max(size.width, size.height) > side / 2
        ? "no side longer than \(TrainingRecipe.largestSide)" : "\(time); more with more --time"
    }
    let whole = "their sizes differ; half of them have at most \(survey.median.words)"
    return size.width * size.height < survey.median.width * survey.median.height / 2
      ? "their sizes differ; \(time)" : whole
  }

  private var likelihood: String {
    recipe.likelihood == .bernoulli
      ? "nearly all is black or white"
      : "8-bit levels of every shade, each with a spread of its own"
  }
}

extension Train {
  /// Tells on standard output what would be trained, without training it.
  func tell(_ start: Start) throws {
    let (data, trainer) = (start.data, start.trainer)
    let pace = try TrainingPace(trainer, data, seconds: 3)
    let lines =
      (start.choice?.lines ?? [])
      + pace.lines(of: trainer, data, bytesPerNumber: optimization.half ? 2 : 4)
    try FileOutput.standardOutput.write(Array((lines.joined(separator: "\n") + "\n").utf8))
  }
}
