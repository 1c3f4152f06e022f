import ArgumentParser
import VAE

/// The root command.
struct Latent: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latent",
    abstract: "Restore, encode and make pictures with variational autoencoders.",
    discussion: """
      A model is trained on a folder of pictures once and then does everything else: it takes off \
      noise, fills holes, turns pictures into short vectors of numbers and back, and makes new ones.

        $ latent train icons/ --size 64x64 --time 10m -o icons.safetensors
        $ latent denoise noisy.png -m icons.safetensors -o clean.png
        $ latent encode *.png -m icons.safetensors > vectors.txt

      A model is named (-m digits) or given as a file (-m path/to/model.safetensors). Names are \
      looked up in the folders of LATENT_MODELS, then among the models that came with the program. \
      LATENT_BACKEND (onednn, portable or reference) chooses what computes.

      Results go to standard output, everything else to standard error. The exit code is 0 on \
      success, 64 for wrong usage, 65 for bad data, 66 for a missing input, 71 for too little memory, 73 for \
      an output that cannot be created, 74 for a failed read or write, and 130 after Ctrl-C. Of several pictures \
      a bad one is reported and the others are done: the exit code is 65 then, or the one that all \
      failures share where none succeeded.
      """,
    version: "latent \(latentVersion)",
    subcommands: [
      Train.self, Encode.self, Decode.self, Reconstruct.self, Sample.self, Denoise.self,
      Inpaint.self, Upscale.self, Interpolate.self, Evaluate.self, Compare.self, Info.self,
      Report.self, Status.self,
    ])
}
